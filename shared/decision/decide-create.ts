import { cleanPath } from '../engine-api/clean-path.ts';
import type { CreateRequest } from '../engine-api/create-body.ts';
import { formatReference, parseImageReference } from '../images/reference.ts';
import { type Decision, type DecisionInput, type Grant, need, pass } from './decision.ts';
import { deliveryObstacle } from './delivery-obstacle.ts';
import type { ImageFact, MountFact } from './facts.ts';
import { judgeImage } from './judge-image.ts';
import { judgeSource } from './judge-source.ts';
import { type MountRefusal, refuseBody, refuseMount } from './refuse.ts';

interface Mounting {
  readonly request: CreateRequest;
  readonly mounts: readonly MountFact[];
}

/** The request with what it mounts; a decision where something is still to be found out, or nothing is mounted. */
function readMounts({ facts: { create, mounts } }: DecisionInput): Mounting | Decision {
  if (create === undefined) return need('create');
  if (create.kind === 'refused') return refuseBody(create.status, create.problem);
  if (create.value.mounts.length === 0) return pass;
  return mounts === undefined ? need('mounts') : { request: create.value, mounts };
}

/** `POST /containers/create`: whether the container gets a socket, and whether anything else it mounts leads to one. */
export function decideCreate(input: DecisionInput): Decision {
  const read = readMounts(input);
  if ('kind' in read) return read;
  const { request, mounts } = read;
  const { image } = input.facts;
  const name = imageName(request.image);
  const refused = mounts.map(judgeMount).find((refusal) => refusal !== undefined);
  if (refused !== undefined) return refuseMount(input, name, refused);
  const covering = coversOf(request, mounts);
  if (!mounts.some(asksForSocket)) return covered(covering, name);
  if (image === undefined) return need('image');
  return decideSocket(input, request, mounts, image, covering);
}

/**
 * The create goes on whatever the lists say: with a filtered socket by `entry` where it asks for the socket and one can
 * be brought in, otherwise as it is. Names what has to be known for that.
 */
export function admitCreate(input: DecisionInput, entry: string): Decision {
  const read = readMounts(input);
  if ('kind' in read) return read;
  const { request, mounts } = read;
  const { image } = input.facts;
  const covering = coversOf(request, mounts);
  const withCovers = covered(covering, imageName(request.image));
  if (!mounts.some(asksForSocket)) return withCovers;
  if (image === undefined) return need('image');
  if (image.kind === 'absent') return { kind: 'absent', message: image.message };
  if (image.kind === 'unverifiable') return withCovers;
  const granted = grantOf(request, mounts, image, { entry });
  return granted.ok ? { kind: 'rewrite', grant: granted.grant, ...covering, image: image.name } : withCovers;
}

function decideSocket(
  input: DecisionInput,
  request: CreateRequest,
  mounts: readonly MountFact[],
  image: ImageFact,
  covering: Covering,
): Decision {
  if (image.kind === 'absent') return { kind: 'absent', message: image.message };
  if (image.kind === 'unverifiable') {
    return refuseMount(input, image.name, {
      reason: 'registry-unreachable',
      cause: 'the image could not be looked at',
      addition: image.why,
    });
  }
  const verdict = judgeImage(input.state, image);
  if (!verdict.allowed) return refuseMount(input, image.name, verdict);
  const granted = grantOf(request, mounts, image, verdict);
  if (!granted.ok) {
    const cause = 'the image is allowed, but a filtered socket cannot be brought into this container';
    return refuseMount(input, image.name, { reason: 'delivery-impossible', cause, addition: granted.obstacle });
  }
  return { kind: 'rewrite', grant: granted.grant, ...covering, image: image.name };
}

type Granted = { readonly ok: true; readonly grant: Grant } | { readonly ok: false; readonly obstacle: string };

/** The grant of all sockets that the create asks for, or why they cannot be brought into the container. */
function grantOf(
  request: CreateRequest,
  mounts: readonly MountFact[],
  image: Extract<ImageFact, { kind: 'present' }>,
  { entry, derivedFrom, until }: Pick<Grant, 'entry' | 'derivedFrom' | 'until'>,
): Granted {
  const sockets = mounts.filter(isSocket);
  const targets = [...new Set(mounts.filter(asksForSocket).flatMap(socketTargets))];
  const obstacle = deliveryObstacle(request, sockets, targets);
  if (obstacle !== undefined) return { ok: false, obstacle };
  const grant = {
    entry,
    ...(derivedFrom !== undefined && { derivedFrom }),
    ...(until !== undefined && { until }),
    image: image.name,
    imageId: image.id,
    ...(image.manifest !== undefined && { manifest: image.manifest }),
    sockets: sockets.map(({ request: mount }) => mount),
    targets,
  };
  return { ok: true, grant };
}

/** What lies over the user's mounts, so that our own neither shows there nor can be replaced. */
type Covering = Pick<Extract<Decision, { kind: 'rewrite' }>, 'covers' | 'keeps'>;

/** A tool that re-creates a container sends these back, and a second mount at one place is an error. */
function coversOf(request: CreateRequest, mounts: readonly MountFact[]): Covering {
  const mounted = new Set(request.mounts.map(({ target }) => target));
  const covers = mounts.flatMap(coveredPaths).filter((path) => !mounted.has(path));
  const keeps = new Map(mounts.flatMap(keptFolders).filter(([path]) => !mounted.has(path)));
  return { covers, keeps: [...keeps].map(([path, source]) => `${source}:${path}`) };
}

function covered(covering: Covering, image: string): Decision {
  return covering.covers.length + covering.keeps.length === 0 ? pass : { kind: 'rewrite', ...covering, image };
}

/** The image as messages name it: canonical, or as given when it is an ID or no reference at all. */
export function imageName(given: string): string {
  const parsed = parseImageReference(given);
  if (!parsed.ok) return given;
  const { reference } = parsed;
  const tagged =
    reference.tag === undefined && reference.digest === undefined ? { ...reference, tag: 'latest' } : reference;
  return formatReference(tagged);
}

function judgeMount(mount: MountFact): MountRefusal | undefined {
  switch (mount.kind) {
    case 'plain-volume':
      return undefined;
    case 'source':
      if (mount.request.kind === 'device' && mount.source.kind === 'socket') {
        return judgeSource(mount.request.source, { kind: 'protected', what: mount.source.socket });
      }
      return judgeSource(mount.request.source, mount.source);
    case 'bind-volume':
      return judgeVolume(mount);
    case 'volumes-from':
      return judgeVolumesFrom(mount);
  }
}

function judgeVolume(mount: Extract<MountFact, { kind: 'bind-volume' }>): MountRefusal | undefined {
  if (mount.source.kind === 'ordinary') return undefined;
  const name = mount.request.source === '' ? 'the volume' : `volume "${mount.request.source}"`;
  return {
    reason: 'volume',
    cause: 'a volume leads to the Docker socket',
    addition: `${name} is a bind of ${mount.device}; bind the socket itself: -v /var/run/docker.sock:/var/run/docker.sock`,
  };
}

function judgeVolumesFrom(mount: Extract<MountFact, { kind: 'volumes-from' }>): MountRefusal | undefined {
  const { from, request } = mount;
  // The container's own socket is not shared: who shares its volumes asks for one of their own.
  if (from.kind === 'nothing' || from.kind === 'filtered-socket') return undefined;
  const holder = `container "${request.source}"`;
  if (from.kind === 'unverifiable') {
    return {
      reason: 'source-unverifiable',
      cause: 'a mount could not be checked',
      addition: `--volumes-from ${request.source}: ${from.why}`,
    };
  }
  return {
    reason: 'volumes-from',
    cause: 'volumes-from would share the Docker socket of another container',
    addition: `${holder} mounts ${from.source}; ask for the socket directly: -v /var/run/docker.sock:/var/run/docker.sock`,
  };
}

type SourceMount = Extract<MountFact, { kind: 'source' }>;

/** A mount that a socket of the container's own takes the place of. */
function isSocket(mount: MountFact): mount is SourceMount {
  return mount.kind === 'source' && (mount.source.kind === 'socket' || mount.source.kind === 'delivered-folder');
}

function asksForSocket(mount: MountFact): boolean {
  return isSocket(mount) || (mount.kind === 'volumes-from' && mount.from.kind === 'filtered-socket');
}

function socketTargets(mount: MountFact): readonly string[] {
  if (mount.kind === 'volumes-from') return mount.from.kind === 'filtered-socket' ? mount.from.targets : [];
  if (!isSocket(mount)) return [];
  return mount.source.kind === 'delivered-folder' ? mount.source.targets : [cleanPath(mount.request.target)];
}

/** Where in the container our own state would show, below a folder that the user binds for other reasons. */
function coveredPaths(mount: MountFact): string[] {
  if (mount.kind !== 'source' || mount.source.kind !== 'holds-state') return [];
  const target = mount.request.target.replace(/\/+$/, '');
  return mount.source.below.map((path) => `${target}/${path}`);
}

/**
 * The folders between such a mount and what is covered in it, each with its source. Who may write there could rename one
 * that is no mount itself, and with it the cover: what then comes to its place has none (rename(2), EBUSY).
 */
function keptFolders(mount: MountFact): (readonly [path: string, source: string])[] {
  if (mount.kind !== 'source' || mount.source.kind !== 'holds-state' || mount.request.isReadOnly) return [];
  const { source, target } = mount.request;
  if (!source.startsWith('/')) return [];
  const [from, to] = [source, target].map((path) => path.replace(/\/+$/, ''));
  return mount.source.below.flatMap(foldersTo).map((folder) => [`${to}/${folder}`, `${from}/${folder}`]);
}

/** `a` and `a/b` of `a/b/c`. */
function foldersTo(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
