import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The docker command-line clients of this machine, by path: what PATH would find is chance. */
export interface DockerCli {
  /** Debian's, of the same release as its engine (20.10 on Debian 12); undefined when the distribution splits it off. */
  readonly debian: string | undefined;
  readonly newest: string;
  /** Its version, for example "28.5.2". */
  readonly newestVersion: string;
  /** Where `build/prepare.mjs peers` has put buildx and compose; undefined without it. */
  readonly plugins: string | undefined;
}

/** What `build/prepare.mjs` unpacks beside the system lies here; prepare/suite.mjs computes the same folder. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockkeeper/lab');
}

/** The folder that `build/prepare.mjs peers` fills. */
export function peersFolder(): string {
  return join(cacheFolder(), 'peers');
}

let found: DockerCli | undefined;

export function dockerCli(): DockerCli {
  found ??= findClients();
  return found;
}

function findClients(): DockerCli {
  const peer = join(peersFolder(), 'root/usr/bin/docker');
  const candidates = ['/usr/bin/docker', '/usr/local/bin/docker', peer].flatMap((path) => {
    const version = versionOf(path);
    return version === undefined ? [] : [{ path, version }];
  });
  const [newest] = candidates.toSorted((a, b) => compare(b.version, a.version));
  if (newest === undefined) throw new Error('no docker command-line client: run "node build/prepare.mjs engine"');
  const plugins = join(peersFolder(), 'root/usr/libexec/docker/cli-plugins');
  return {
    debian: candidates.find(({ path }) => path === '/usr/bin/docker')?.path,
    newest: newest.path,
    newestVersion: newest.version,
    plugins: existsSync(plugins) ? plugins : undefined,
  };
}

/** Makes buildx and compose known to clients that use this configuration folder, where they are at hand. */
export function installPlugins(configFolder: string): void {
  const { plugins } = dockerCli();
  mkdirSync(configFolder, { recursive: true });
  if (plugins !== undefined) symlinkSync(plugins, join(configFolder, 'cli-plugins'));
}

function versionOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8', env: {} });
  return /version (\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
