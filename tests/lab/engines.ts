import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './clients.ts';
import { SYSTEM_PATH } from './command.ts';

/** One of the engines that the tests know. */
export interface EngineRelease {
  readonly version: '20.10' | '26.1' | '28.5' | 'podman-4.3';
  /** How it stores images: in its own graph drivers, with containerd's snapshotters (28.5 only), or as Podman does. */
  readonly store: 'classic' | 'containerd' | 'podman';
  /** For the names of tests; where the engine is not available, with the reason. */
  readonly title: string;
  readonly available: boolean;
}

/** One of Docker's. */
export interface DockerRelease extends EngineRelease {
  readonly store: 'classic' | 'containerd';
}

/** Where `build/prepare.mjs engines` puts an engine's programs; prepare/suite.mjs computes the same folder. */
function unpackedFolder(version: EngineRelease['version']): string {
  return join(cacheFolder(), 'engines', version, 'bin');
}

/** The PATH that a release's programs are found by: its own first, and the system's runc and docker-init. */
export function pathOf(release: EngineRelease | undefined): string {
  const folder = release === undefined ? undefined : unpackedFolder(release.version);
  return folder !== undefined && existsSync(folder) ? `${folder}:${SYSTEM_PATH.PATH}` : SYSTEM_PATH.PATH;
}

/** Where a release was unpacked: `bin`, and for Podman `lib`, the libraries that its programs are linked with. */
export function folderOf(release: EngineRelease): string {
  return dirname(unpackedFolder(release.version));
}

/** Settings of daemon.json that make it that release's variant. */
export function configOf(release: EngineRelease | undefined): Readonly<Record<string, unknown>> {
  return release?.store === 'containerd' ? { features: { 'containerd-snapshotter': true } } : {};
}

/** All of Docker's. `describe.runIf(engine.available)(engine.title, …)` names the ones that are skipped, with the reason. */
export const ENGINES: readonly DockerRelease[] = [
  release('20.10', 'classic'),
  release('26.1', 'classic'),
  release('28.5', 'classic'),
  release('28.5', 'containerd'),
];

/** Podman's service, which answers Docker's API 1.41 beside one of its own. */
export const PODMAN: EngineRelease = release('podman-4.3', 'podman');

function release<Store extends EngineRelease['store']>(version: EngineRelease['version'], store: Store) {
  const available = existsSync(unpackedFolder(version)) || systemVersion().startsWith(`${version}.`);
  const name = store === 'podman' ? version.replace('podman-', 'Podman ') : `engine ${version}, ${store} store`;
  const remedy = version === '20.10' ? 'it is the one of Debian 12' : 'run "node build/prepare.mjs engines"';
  return { version, store, available, title: available ? name : `${name} (not on this machine: ${remedy})` };
}

function systemVersion(): string {
  const { stdout } = spawnSync('dockerd', ['--version'], { encoding: 'utf8', env: SYSTEM_PATH });
  return /version (\S+),/.exec(stdout ?? '')?.[1] ?? '';
}
