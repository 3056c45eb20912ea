import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Daemon } from './daemon.ts';
import { registryDaemon, storageOf } from './registry.ts';

/** A registry that is not the Hub and gives nothing without credentials. */
export const PRIVATE_REGISTRY = {
  host: 'your-registry.com',
  username: 'lab',
  password: 'open sesame',
} as const;

const HTPASSWD = 'lab:$2b$04$xyPVKKmJGl6p0oKE6EJPO.SJ0RSDqBG/TWUf0wS3d37CnNoQGhQUC';
const PORT = 5001;

/**
 * How the engine gets there without DNS and TLS: the registry is its HTTP proxy too. A Go server answers a request
 * whose target is a whole URL (RFC 9112 section 3.2.2) as one for its path. Only registries that are allowed to go
 * without TLS are asked over HTTP, so all other names still fail as on a machine without a network.
 */
export const PRIVATE_REGISTRY_PROXY = { url: `http://127.0.0.1:${PORT}`, registries: [PRIVATE_REGISTRY.host] };

export function privateRegistryFolder(labFolder: string): string {
  return join(labFolder, 'private');
}

export function privateRegistryDaemon(netns: string, labFolder: string, hubStorage: string): Daemon {
  const folder = privateRegistryFolder(labFolder);
  const blobs = join('docker/registry/v2', 'blobs');
  const link = join(storageOf(folder), blobs);
  mkdirSync(dirname(link), { recursive: true });
  // One folder of blobs, so that an image here can be built on one of the Hub; what a registry shows, repositories say.
  symlinkSync(join(hubStorage, blobs), link);
  return registryDaemon({ netns, folder, listen: { port: PORT }, htpasswd: HTPASSWD });
}
