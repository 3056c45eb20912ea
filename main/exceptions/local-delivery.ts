import { join, posix } from 'node:path';
import { pack } from 'tar-stream';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import { planDelivery, type SocketBind } from '../../shared/decision/plan-delivery.ts';
import { cleanPath } from '../../shared/engine-api/clean-path.ts';
import type { CreateRequest } from '../../shared/engine-api/create-body.ts';
import { type EngineClient, type EngineContainer, EngineError } from '../engine/engine-client.ts';
import { questionQueue } from '../engine/question-queue.ts';
import {
  type Delivery,
  FOLDER_IN_CONTAINER,
  type Planned,
  SOCKET_IN_CONTAINER,
  SOCKET_NAME,
  type WantedDelivery,
} from './delivery.ts';
import { type ImagePaths, realPath, targetFact } from './image-paths.ts';
import type { ImageLooks } from './look-at-image.ts';

export interface LocalDeliveryDeps {
  readonly engine: Pick<EngineClient, 'container' | 'putArchive'>;
  readonly lookAtImage: ImageLooks['lookAtImage'];
  /** Holds one folder a socket. */
  readonly socketsFolder: string;
}

/**
 * Archives that the engine is given at the same time. It starts a program for each: of fifty at once, all would be late,
 * and the first of them too late.
 */
const AT_ONCE = 4;

/**
 * Delivers by the folder that holds the socket, mounted read-only: a mounted folder, unlike a mounted socket file, shows
 * the new socket after Lockkeeper was restarted; read-only, because otherwise the container's root could put a link of
 * its own in the socket's place, which the engine would follow on the host.
 */
export function localDelivery(deps: LocalDeliveryDeps): Delivery {
  const archives = questionQueue(AT_ONCE);
  return {
    plan: (wanted) => plan(deps, wanted).catch(absentOrThrow),
    binds: (folder, { binds }) => binds.map((bind) => bindOf(folder, bind)),
    async place(container, folder, { links, mountTargets }) {
      const other = container.mounts.find(
        ({ source }) => isWithin(source, deps.socketsFolder) && !isWithin(source, folder),
      );
      if (other !== undefined) return `${other.target} would be the socket of another container`;
      if (links.length === 0) return undefined;
      // A link that is unpacked below a mount would be written through it, perhaps to the host.
      const unexpected = mountsOf(container).find((target) => !mountTargets.has(target));
      if (unexpected !== undefined) return `the engine mounts something at ${unexpected} that the request did not name`;
      const tar = await linksTar(links);
      await archives.run(container.id, false, () => deps.engine.putArchive(container.id, tar));
      return undefined;
    },
  };
}

function bindOf(folder: string, { what, target }: SocketBind): string {
  return `${what === 'folder' ? folder : join(folder, SOCKET_NAME)}:${target}:ro`;
}

function absentOrThrow(error: unknown): Planned {
  if (error instanceof EngineError && error.status === 404) return { kind: 'absent', message: error.message };
  throw error;
}

/** Something of the image in the place of our folder: the engine would fail at it, or follow it elsewhere. */
async function obstacleAtOurPlace(paths: ImagePaths): Promise<string | undefined> {
  const found = await paths.stat(FOLDER_IN_CONTAINER);
  if (found === undefined || found.isFolder) return undefined;
  return `${FOLDER_IN_CONTAINER} in the image is not a folder; it is where Lockkeeper puts the socket's folder`;
}

async function plan(deps: LocalDeliveryDeps, { request, grant, platform }: WantedDelivery): Promise<Planned> {
  const others = await containersSharing(deps.engine, request);
  const asked = request.mounts.filter((mount) => !grant.sockets.includes(mount)).map(({ target }) => cleanPath(target));
  // What the request mounts itself takes the place of what would be shared (moby registerMountPoints).
  const shared = others
    .flatMap((container) => socketBinds(container, deps.socketsFolder))
    .filter(({ target }) => !asked.includes(target));
  return deps.lookAtImage({ imageId: grant.imageId, platform }, async (paths): Promise<Planned> => {
    const given = [...request.freshTargets, ...asked, ...others.flatMap(mountsOf), ...(await paths.volumes())];
    const spelled = [...new Set(given.filter((target) => target.startsWith('/')).map(cleanPath))];
    const taken = await obstacleAtOurPlace(paths);
    if (taken !== undefined) return { kind: 'obstacle', words: taken };
    const ofSockets = new Set(shared.map(({ target }) => target));
    const targets = [];
    for (const target of grant.targets) {
      const fact = await targetFact(paths, target, request.readOnlyRoot);
      if ('problem' in fact) return { kind: 'obstacle', words: fact.problem };
      targets.push(fact);
    }
    const mounts = await realPaths(
      paths,
      spelled.filter((target) => !ofSockets.has(target)),
    );
    const planned = planDelivery({ readOnlyRoot: request.readOnlyRoot, targets, mounts, shared });
    if (planned.kind === 'obstacle') return planned;
    const mountTargets = new Set([...spelled, ...planned.binds.map(({ target }) => target)]);
    return { kind: 'planned', delivery: { ...planned, mountTargets } };
  });
}

async function containersSharing(
  engine: LocalDeliveryDeps['engine'],
  request: CreateRequest,
): Promise<readonly EngineContainer[]> {
  const named = request.mounts.filter(({ kind }) => kind === 'volumes-from').map(({ source }) => source);
  const found = await Promise.all([...new Set(named)].map((name) => engine.container(name)));
  return found.filter((container) => container !== undefined);
}

/** Where the sockets of a container are mounted; who shares its volumes gets mounts of their own at the same places. */
function socketBinds({ mounts }: EngineContainer, socketsFolder: string): readonly SocketBind[] {
  const ours = mounts.filter(({ source }) => isWithin(source, socketsFolder));
  return ours.map(({ source, target }) => ({
    what: posix.basename(source) === SOCKET_NAME ? 'file' : 'folder',
    target,
  }));
}

function mountsOf({ mounts, tmpfs }: EngineContainer): readonly string[] {
  return [...mounts.map(({ target }) => target), ...tmpfs].map(cleanPath);
}

async function realPaths(paths: ImagePaths, targets: readonly string[]): Promise<readonly string[]> {
  const real: string[] = [];
  for (const target of targets) real.push((await realPath(paths, target)).real);
  return real;
}

/** Nothing but the links: folders on the way are made by the engine where they are missing. */
async function linksTar(links: readonly string[]): Promise<Buffer> {
  const tar = pack();
  for (const link of links) {
    tar.entry({ name: link.slice(1), type: 'symlink', linkname: SOCKET_IN_CONTAINER, mode: 0o777 });
  }
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
