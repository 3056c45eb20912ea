import { posix } from 'node:path';
import { isWithin } from '../../shared/decision/delivery-obstacle.ts';
import type { HolderFact, SourceFact } from '../../shared/decision/facts.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import { type EngineClient, type EngineContainer, EngineError, type EngineMount } from '../engine/engine-client.ts';
import { SOCKET_NAME } from '../exceptions/delivery.ts';
import type { SourceSurvey } from './survey.ts';
import { bindDevices } from './volume-device.ts';

export interface HolderOptions {
  readonly engine: Pick<EngineClient, 'volume'>;
  readonly socketsFolder: string;
  /** What was delivered to the container with that ID, by our records: the key of its folder, and where it was wanted. */
  readonly deliveredTo: (containerId: string) => Pick<SocketHolder, 'key' | 'targets'> | undefined;
}

/** What a container holds of the engine, by its mounts as the engine reports them. Never rejects. */
export async function inspectHolder(
  container: EngineContainer,
  survey: SourceSurvey,
  options: HolderOptions,
): Promise<HolderFact> {
  const held = await Promise.all(container.mounts.map((mount) => inspectMount(container, mount, survey, options)));
  return held.flat().toSorted((one, other) => strengthOf(other) - strengthOf(one))[0] ?? nothing;
}

/** How much a container can do by what it holds, or may hold. */
function strengthOf(fact: HolderFact): number {
  if (fact.kind === 'raw' && fact.isFiltered !== true) return 4;
  return ['nothing', 'filtered-socket', 'unverifiable', 'raw'].indexOf(fact.kind);
}

const nothing: HolderFact = { kind: 'nothing' };

async function inspectMount(
  container: EngineContainer,
  mount: EngineMount,
  survey: SourceSurvey,
  options: HolderOptions,
): Promise<readonly HolderFact[]> {
  const sources = await sourcesOf(mount, options.engine);
  return Promise.all(sources.map((source) => inspectSource(container, { mount, source }, survey, options)));
}

async function inspectSource(
  container: EngineContainer,
  { mount, source }: { readonly mount: EngineMount; readonly source: MountSource },
  survey: SourceSurvey,
  options: HolderOptions,
): Promise<HolderFact> {
  if (source.kind === 'unverifiable') return source;
  const fact = await survey.inspect(source.path);
  switch (fact.kind) {
    case 'ordinary':
      return nothing;
    case 'unverifiable':
      return { kind: 'unverifiable', why: `${source.words}: ${fact.why}` };
    case 'holds-state':
      // Settings may be read.
      if (fact.onlySettings === true && !mount.isWritable) return nothing;
      return isCovered(container, mount, fact.below) ? nothing : { kind: 'raw', source: source.words, fact };
    case 'socket':
    case 'delivered-folder':
      return judgeSocket(container, source, fact, options);
    case 'exposes':
    case 'protected':
      return { kind: 'raw', source: source.words, fact };
  }
}

type MountSource =
  | { readonly kind: 'path'; readonly path: string; readonly words: string }
  | { readonly kind: 'unverifiable'; readonly why: string };

async function sourcesOf(mount: EngineMount, engine: HolderOptions['engine']): Promise<readonly MountSource[]> {
  if (mount.type === 'tmpfs' || mount.type === 'image') return [];
  if (mount.type !== 'volume') return [{ kind: 'path', path: mount.source, words: mount.source }];
  try {
    const volume = await engine.volume(mount.name);
    // Where the volumes of other drivers lie is all that can be known of them.
    if (volume !== undefined && volume.driver !== 'local' && mount.source !== '') {
      return [{ kind: 'path', path: mount.source, words: `${mount.source} (volume "${mount.name}")` }];
    }
    const devices = volume === undefined ? [] : bindDevices(volume.driver, volume.options);
    return devices.map((device) => ({ kind: 'path', path: device, words: `${device} (volume "${mount.name}")` }));
  } catch (error) {
    const reason = error instanceof EngineError ? error.message : String(error);
    return [{ kind: 'unverifiable', why: `the engine did not tell what volume "${mount.name}" is: ${reason}` }];
  }
}

/** A filtered socket is its container's own: by our records, and by the very path that we had the engine mount. */
function judgeSocket(
  container: EngineContainer,
  { path, words }: Extract<MountSource, { kind: 'path' }>,
  fact: SourceFact,
  { socketsFolder, deliveredTo }: HolderOptions,
): HolderFact {
  const delivered = deliveredTo(container.id);
  const folder = delivered && posix.join(socketsFolder, delivered.key);
  if (delivered !== undefined && (path === folder || path === `${folder}/${SOCKET_NAME}`)) {
    return { kind: 'filtered-socket', targets: delivered.targets };
  }
  const isDelivered = fact.kind === 'delivered-folder' || isWithin(path, socketsFolder);
  if (!isDelivered) return { kind: 'raw', source: words, fact };
  return { kind: 'raw', source: `${words} (the filtered socket of another container)`, fact, isFiltered: true };
}

/** Whether other mounts of the container lie over everything of ours that this one would show. */
function isCovered(container: EngineContainer, mount: EngineMount, below: readonly string[]): boolean {
  const covers = [...container.mounts.map(({ target }) => target), ...container.tmpfs].filter(
    (target) => target !== mount.target && isWithin(target, mount.target),
  );
  return below
    .map((path) => posix.join(mount.target, path))
    .every((shown) => covers.some((over) => isWithin(shown, over)));
}
