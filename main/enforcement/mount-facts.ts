import { posix } from 'node:path';
import type { ForeignMountFact, HolderFact, MountFact, SourceFact } from '../../shared/decision/facts.ts';
import type { Listener } from '../../shared/decision/listener.ts';
import type { MountRequest, PlacedMount } from '../../shared/engine-api/create-body.ts';
import { type EngineClient, type EngineContainer, EngineError } from '../engine/engine-client.ts';
import { FOLDER_IN_CONTAINER, SOCKET_IN_CONTAINER } from '../exceptions/delivery.ts';
import { severest } from '../sources/severest.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import { bindDevices } from '../sources/volume-device.ts';

export interface MountFactsDeps {
  readonly engine: EngineClient;
  readonly survey: SourceSurvey;
  readonly holderOf: (container: EngineContainer) => Promise<HolderFact>;
}

/** Finds out what each mount of a create body would bring into the container. */
export function mountFacts(
  deps: MountFactsDeps,
  listener: Listener,
  requests: readonly PlacedMount[],
): Promise<readonly MountFact[]> {
  return Promise.all(requests.map((request) => mountFact(deps, listener, request)));
}

async function mountFact(deps: MountFactsDeps, listener: Listener, request: PlacedMount): Promise<MountFact> {
  switch (request.kind) {
    case 'bind':
    case 'device':
      return { kind: 'source', request, source: await sourceSeenBy(deps.survey, listener, request.source) };
    case 'volume':
      return volumeFact(deps, request);
    case 'volumes-from':
      return { kind: 'volumes-from', request, from: await sharedFrom(deps, request.source) };
  }
}

/**
 * A container names the socket by the path that it knows: the one inside it, which as a bind source would mean
 * something else, or nothing, on the host.
 */
async function sourceSeenBy(survey: SourceSurvey, listener: Listener, source: string): Promise<SourceFact> {
  if (listener.kind === 'container-socket') {
    const path = posix.normalize(source);
    if (path === FOLDER_IN_CONTAINER) return { kind: 'delivered-folder', targets: listener.holder.targets };
    if (path === SOCKET_IN_CONTAINER || listener.holder.targets.includes(path)) return { kind: 'socket', socket: path };
  }
  return survey.inspect(source);
}

async function volumeFact(deps: MountFactsDeps, request: PlacedMount): Promise<MountFact> {
  const found = await volumeShows(deps, request);
  if (found.kind === 'unverifiable') return { kind: 'source', request, source: found };
  if (found.kind === 'nothing') return { kind: 'plain-volume', request };
  return { kind: 'bind-volume', request, device: found.device, source: found.fact };
}

type VolumeShows =
  | { readonly kind: 'nothing' }
  /** What leads furthest of all that it shows. */
  | { readonly kind: 'device'; readonly device: string; readonly fact: SourceFact }
  | { readonly kind: 'unverifiable'; readonly why: string };

async function volumeShows({ engine, survey }: MountFactsDeps, request: MountRequest): Promise<VolumeShows> {
  try {
    const devices = await volumeDevices(engine, request);
    const found = await Promise.all(
      devices.map(async (device) => ({ device, fact: await deviceFact(survey, device) })),
    );
    const [first, ...others] = found;
    if (first === undefined) return { kind: 'nothing' };
    const worst = others.reduce((one, other) => (severest(one.fact, other.fact) === one.fact ? one : other), first);
    return { kind: 'device', ...worst };
  } catch (error) {
    return { kind: 'unverifiable', why: `the engine did not tell what the volume is: ${reason(error)}` };
  }
}

/** A volume shows its device's folder, or mounts the file system on it, which may be one of the host's. */
async function deviceFact(survey: SourceSurvey, device: string): Promise<SourceFact> {
  const fact = await survey.inspect(device);
  return fact.kind === 'ordinary' ? survey.inspectFileSystem(device) : fact;
}

/** A volume that exists keeps the options it was created with, whatever the mount says; so both are looked at. */
async function volumeDevices(engine: EngineClient, request: MountRequest): Promise<readonly string[]> {
  const inline = request.driverOptions === undefined ? [] : bindDevices('local', request.driverOptions);
  const volume = request.source === '' ? undefined : await engine.volume(request.source);
  return volume === undefined ? inline : [...inline, ...bindDevices(volume.driver, volume.options)];
}

async function sharedFrom(deps: MountFactsDeps, name: string): Promise<HolderFact> {
  try {
    const container = await deps.engine.container(name);
    return container === undefined ? { kind: 'nothing' } : await deps.holderOf(container);
  } catch (error) {
    return { kind: 'unverifiable', why: `the engine did not tell what it mounts: ${reason(error)}` };
  }
}

/** What the mounts of a service lead to. */
export async function serviceMountFacts(
  deps: MountFactsDeps,
  requests: readonly MountRequest[],
): Promise<readonly ForeignMountFact[]> {
  const facts = requests.map(async (request): Promise<ForeignMountFact> => {
    if (request.kind === 'bind') return { source: request.source, fact: await deps.survey.inspect(request.source) };
    const found = await volumeShows(deps, request);
    if (found.kind === 'nothing') return { source: request.source, fact: { kind: 'ordinary' } };
    if (found.kind === 'unverifiable') return { source: request.source, fact: found };
    return { source: `${request.source} (${found.device})`, fact: found.fact };
  });
  return Promise.all(facts);
}

/** What host paths lead to that a plugin is to mount. */
export async function pathFacts(survey: SourceSurvey, paths: readonly string[]): Promise<readonly ForeignMountFact[]> {
  return Promise.all(paths.map(async (source) => ({ source, fact: await survey.inspect(source) })));
}

function reason(error: unknown): string {
  return error instanceof EngineError ? error.message : String(error);
}
