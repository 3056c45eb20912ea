import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_PATH } from './command.ts';
import { type Daemon, daemon } from './daemon.ts';

/** One request that a registry has answered. */
export interface RegistryRequest {
  readonly method: string;
  /** Path and query, for example "/v2/library/docker/manifests/cli". */
  readonly path: string;
  readonly status: number;
}

export interface RegistrySettings {
  readonly netns: string;
  /** Holds its configuration, log and, in `storage`, its content. */
  readonly folder: string;
  readonly port: number;
  /** A bcrypt line of an htpasswd file; without it everybody may read and write. */
  readonly htpasswd?: string;
}

/** Debian's docker-registry on 127.0.0.1 inside the lab's network namespace. Plain HTTP: no engine minds that there. */
export function registryDaemon(settings: RegistrySettings): Daemon {
  const { folder, port, netns, htpasswd } = settings;
  mkdirSync(storageOf(folder), { recursive: true });
  const configFile = join(folder, 'config.yml');
  const lines = [
    'version: 0.1',
    'log: { level: info, accesslog: { disabled: false } }',
    `storage: { filesystem: { rootdirectory: "${storageOf(folder)}" }, delete: { enabled: true } }`,
    `http: { addr: "127.0.0.1:${port}" }`,
  ];
  if (htpasswd !== undefined) {
    writeFileSync(join(folder, 'htpasswd'), `${htpasswd}\n`);
    lines.push(`auth: { htpasswd: { realm: lab, path: "${join(folder, 'htpasswd')}" } }`);
  }
  writeFileSync(configFile, `${lines.join('\n')}\n`);
  return daemon({
    command: ['docker-registry', 'serve', configFile],
    netns,
    env: SYSTEM_PATH,
    logFile: logOf(folder),
    readyLine: /msg="listening on /,
    timeoutMs: 10_000,
  });
}

export function storageOf(folder: string): string {
  return join(folder, 'storage');
}

/** Everything asked of a registry since its last start, in order, from its access log (Apache's combined format). */
export function requestsOf(folder: string): readonly RegistryRequest[] {
  const matches = readFileSync(logOf(folder), 'utf8').matchAll(/"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d{3}) /g);
  return [...matches].map(([, method = '', path = '', status]) => ({ method, path, status: Number(status) }));
}

function logOf(folder: string): string {
  return join(folder, 'log');
}
