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

/** Who may read and write; without either everybody. */
export interface RegistryAccess {
  /** A bcrypt line of an htpasswd file. */
  readonly htpasswd?: string;
  /** Where tokens are to be had, who issues them, and a file with the certificates of those who sign them. */
  readonly token?: { readonly realm: string; readonly issuer: string; readonly signers: string };
}

export interface RegistrySettings extends RegistryAccess {
  readonly netns: string;
  /** Holds its configuration, log and, in `storage`, its content. */
  readonly folder: string;
  /** A port of 127.0.0.1 inside the lab's network, where no engine minds plain HTTP, or a Unix socket. */
  readonly listen: { readonly port: number } | { readonly socket: string };
}

/** Debian's docker-registry. */
export function registryDaemon(settings: RegistrySettings): Daemon {
  const { folder, listen, netns, htpasswd, token } = settings;
  mkdirSync(storageOf(folder), { recursive: true });
  const configFile = join(folder, 'config.yml');
  const lines = [
    'version: 0.1',
    'log: { level: info, accesslog: { disabled: false } }',
    `storage: { filesystem: { rootdirectory: "${storageOf(folder)}" }, delete: { enabled: true } }`,
    'port' in listen
      ? `http: { addr: "127.0.0.1:${listen.port}" }`
      : `http: { net: unix, addr: "${listen.socket}", relativeurls: true }`,
  ];
  if (htpasswd !== undefined) {
    writeFileSync(join(folder, 'htpasswd'), `${htpasswd}\n`);
    lines.push(`auth: { htpasswd: { realm: lab, path: "${join(folder, 'htpasswd')}" } }`);
  }
  if (token !== undefined) {
    const { realm, issuer, signers } = token;
    lines.push(
      `auth: { token: { realm: "${realm}", service: lab, issuer: "${issuer}", rootcertbundle: "${signers}" } }`,
    );
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
