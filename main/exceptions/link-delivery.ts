import { posix } from 'node:path';
import { pack } from 'tar-stream';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { EngineClient, EngineContainer } from '../engine/engine-client.ts';
import { type Delivery, FOLDER_IN_CONTAINER, SOCKET_IN_CONTAINER } from './delivery.ts';

/** As many links on the way to a target as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Mounts the socket's folder read-only and puts a link to the socket at each target. A mounted folder, unlike a mounted
 * socket file, shows the new socket after Lockkeeper was restarted; read-only, because otherwise the container's root
 * could put a link of its own in the socket's place, which the engine would follow on the host.
 */
export function linkDelivery(engine: EngineClient): Delivery {
  return {
    binds: (folder) => [`${folder}:${FOLDER_IN_CONTAINER}:ro`],
    async place(container, targets) {
      for (const target of targets) {
        const obstacle = await findObstacle(engine, container, target);
        if (obstacle !== undefined) return obstacle;
      }
      await engine.putArchive(container.id, await linksTar(targets));
      return undefined;
    },
  };
}

/**
 * A link that is unpacked below a mount would be written through it, perhaps to the host, and one below a tmpfs would
 * be hidden. Where the target really lies is asked of the container, link by link.
 */
async function findObstacle(
  engine: EngineClient,
  container: EngineContainer,
  target: string,
): Promise<string | undefined> {
  const real = await resolveTarget(engine, container.id, target);
  if (real.kind === 'obstacle') return real.words;
  const mounts = [...container.mounts.map((mount) => mount.target), ...container.tmpfs];
  const over = mounts.filter((path) => path !== FOLDER_IN_CONTAINER).find((path) => isWithin(real.path, path));
  return (
    over && `${over} is a mount in the container, so no link can be placed at ${target}; mount the socket elsewhere`
  );
}

type Resolved =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'obstacle'; readonly words: string };

async function resolveTarget(engine: EngineClient, id: string, target: string): Promise<Resolved> {
  let done = '/';
  let left = target.split('/').filter((part) => part !== '');
  for (let links = 0; left.length > 0; ) {
    const [part = '', ...rest] = left;
    const path = posix.join(done, part);
    const stat = await engine.pathStat(id, path);
    if (stat === undefined) return { kind: 'path', path: posix.join(done, ...left) };
    if (rest.length === 0) return atTarget(path, stat.isFolder);
    if (stat.isLink) {
      links += 1;
      if (links > MOST_LINKS) return { kind: 'obstacle', words: `${target} has too many links on its way` };
      left = [
        ...posix
          .resolve(done, stat.linkTarget)
          .split('/')
          .filter((name) => name !== ''),
        ...rest,
      ];
      done = '/';
      continue;
    }
    if (!stat.isFolder)
      return { kind: 'obstacle', words: `${path} in the image is not a folder, so nothing fits at ${target}` };
    done = path;
    left = rest;
  }
  return { kind: 'path', path: done };
}

function atTarget(path: string, isFolder: boolean): Resolved {
  if (!isFolder) return { kind: 'path', path };
  return {
    kind: 'obstacle',
    words: `${path} is a folder in the image, which is not replaced; mount the socket elsewhere`,
  };
}

/** Nothing but the links: folders on the way are made by the engine where they are missing. */
async function linksTar(targets: readonly string[]): Promise<Buffer> {
  const tar = pack();
  for (const target of targets) {
    tar.entry({ name: target.slice(1), type: 'symlink', linkname: SOCKET_IN_CONTAINER, mode: 0o777 });
  }
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
