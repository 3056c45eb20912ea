import { connect, type Socket } from 'node:net';

/** Where the engine's API server listens. */
export type EngineEndpoint =
  | { readonly kind: 'socket'; readonly url: string; readonly path: string }
  | { readonly kind: 'tcp'; readonly url: string; readonly host: string; readonly port: number };

export function defaultEngineUrl(platform: NodeJS.Platform): string {
  return platform === 'win32' ? 'npipe:////./pipe/docker_engine' : 'unix:///var/run/docker.sock';
}

/** Reads a URL as DOCKER_HOST has it. TLS and ssh endpoints are not relayed yet, and that is said. */
export function parseEngineUrl(url: string): EngineEndpoint | { readonly kind: 'refused'; readonly problem: string } {
  if (url.startsWith('unix://')) {
    const path = url.slice('unix://'.length);
    if (path.startsWith('/')) return { kind: 'socket', url, path };
    return { kind: 'refused', problem: `${url}: the socket needs an absolute path, as in unix:///var/run/docker.sock` };
  }
  if (url.startsWith('npipe://')) {
    return { kind: 'socket', url, path: url.slice('npipe://'.length).replaceAll('/', '\\') };
  }
  const tcp = /^tcp:\/\/(\[[\da-fA-F:]+\]|[\w.-]+):(\d{1,5})\/?$/.exec(url);
  if (tcp?.[1] !== undefined && tcp[2] !== undefined) {
    return { kind: 'tcp', url, host: tcp[1].replace(/^\[|\]$/g, ''), port: Number(tcp[2]) };
  }
  return {
    kind: 'refused',
    problem: `${url} is not an engine URL; use unix:///PATH, npipe:////./pipe/NAME or tcp://HOST:PORT`,
  };
}

/** Opens a connection whose two directions end by themselves. Rejects with the system's reason. */
export function connectEngine(endpoint: EngineEndpoint): Promise<Socket> {
  const where = endpoint.kind === 'socket' ? { path: endpoint.path } : { host: endpoint.host, port: endpoint.port };
  return new Promise((resolve, reject) => {
    const socket = connect({ ...where, allowHalfOpen: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
