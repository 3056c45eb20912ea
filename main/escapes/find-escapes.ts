import type { BodyFact } from '../../shared/decision/facts.ts';
import { isFiltered, type Listener, type SocketHolder } from '../../shared/decision/listener.ts';
import { containerNamedBy, networkModeOf } from '../../shared/engine-api/named-container.ts';
import type { Operation, OperationId } from '../../shared/engine-api/operation.ts';
import { bodyReader, mountsAnew, reachesInto, requestEscapes } from '../../shared/escape/by-operation.ts';
import { connectedNetworks, readRestarts } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import type { JsonObject } from '../../shared/json/json-node.ts';
import { jsonBody } from '../enforcement/body-facts.ts';
import type { FactQuestion } from '../enforcement/find-fact.ts';
import type { EngineClient, EngineContainer, EngineMount } from '../engine/engine-client.ts';
import type { OwnContainers } from '../exceptions/own-containers.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import { boundsOf } from './bounds.ts';
import { isDescendant } from './descendants.ts';
import { createEscapes } from './escapes-of-create.ts';
import { fetchedFrom } from './fetched-from.ts';
import { heldBeyond, mountsBeyond } from './held-by.ts';
import { looseAtRestart } from './loose-sources.ts';
import { networksOf } from './networks-of.ts';
import { type Asking, stronger, strongerJoined, strongerSharing } from './stronger-containers.ts';

export interface EscapeSources {
  readonly engine: EngineClient;
  readonly survey: SourceSurvey;
  readonly own: OwnContainers;
  readonly holders: () => readonly SocketHolder[];
  readonly socketsFolder: string;
  readonly emptyFolder: string;
}

type Found = BodyFact<readonly Escape[]>;

/**
 * Everything in a request, and in what it is about, that leads out of containers. On the host gate it is what the request
 * itself shows: what is measured against the holder of a socket has no measure there.
 */
export async function findEscapes(sources: EscapeSources, question: FactQuestion): Promise<Found> {
  const { request, listener } = question;
  const { operation } = request;
  const shown = requestEscapes(operation);
  if (operation.id === 'ContainerCreate') return createEscapes(sources, question);
  const body = await inBody(question);
  if (body.kind === 'refused') return body;
  const around = isFiltered(listener) ? await aroundIt(sources, question, body.value.node) : [];
  const byBuilder = await ofBuilder(sources, operation);
  return { kind: 'read', value: [...shown, ...body.value.escapes, ...around, ...byBuilder] };
}

/** A Dockerfile is not looked into, and Podman has steps mount folders of the machine by what stands there. */
async function ofBuilder({ engine }: EscapeSources, { id }: Operation): Promise<readonly Escape[]> {
  if (id !== 'ImageBuild' && id !== 'ImageBuildWithBuildKit') return [];
  return (await engine.isPodman()) ? [{ kind: 'podman-build', found: 'a build by Podman' }] : [];
}

interface ReadBody {
  readonly escapes: readonly Escape[];
  readonly node?: JsonObject;
}

async function inBody({ request }: FactQuestion): Promise<BodyFact<ReadBody>> {
  const read = bodyReader(request.operation.id);
  if (read === undefined) return { kind: 'read', value: { escapes: [] } };
  return jsonBody(request, 'object', (node) => {
    const escapes = read(node);
    return escapes.ok ? { ok: true, value: { escapes: escapes.value, node } } : escapes;
  });
}

/** What only the engine and its file system tell. */
async function aroundIt(sources: EscapeSources, question: FactQuestion, body?: JsonObject): Promise<readonly Escape[]> {
  const { operation } = question.request;
  if (operation.id === 'NetworkConnect') {
    const names = [operation.params.id ?? '', ...(body === undefined ? [] : connectedNetworks(body))];
    return networksOf(sources.engine, names);
  }
  if (operation.id === 'ImageBuild' || operation.id === 'ImageBuildWithBuildKit') {
    return [...(await fetchedFrom(operation)), ...(await networkOfBuild(sources, question))];
  }
  if (operation.id === 'ImageImport') return fetchedFrom(operation);
  if (!reachesInto(operation.id)) return [];
  const container = await reached(sources, question);
  if (container === undefined) return [];
  return [
    ...(await intoContainer(sources, question, container)),
    ...(body !== undefined && operation.id === 'ContainerUpdate' && readRestarts(body)
      ? await restartsOf(sources, container)
      : []),
  ];
}

/** Builds run in the network of a container or in one that exists, as containers do. */
async function networkOfBuild(sources: EscapeSources, question: FactQuestion): Promise<readonly Escape[]> {
  const { operation } = question.request;
  const mode = networkModeOf(operation);
  if (['', 'default', 'none', 'host'].includes(mode)) return [];
  if (!mode.startsWith('container:')) return networksOf(sources.engine, [mode]);
  const { named } = question.facts;
  if (named?.kind !== 'present') return [];
  return strongerJoined(await asking(sources, question), [{ field: 'networkmode', container: named.id }]);
}

/** The container that a request reaches into; undefined where there is none. */
async function reached(
  { engine }: EscapeSources,
  { request: { operation }, facts: { named } }: FactQuestion,
): Promise<EngineContainer | undefined> {
  if (containerNamedBy(operation) !== undefined)
    return named?.kind === 'present' ? engine.container(named.id) : undefined;
  // An exec is found by its whole ID alone, and stays in its container.
  const container = await engine.containerOfExec(operation.params.name ?? '');
  return container === undefined ? undefined : engine.container(container);
}

async function asking(sources: EscapeSources, { listener, state }: FactQuestion): Promise<Asking> {
  return { sources, listener, bounds: await boundsOf(sources, listener, state) };
}

async function intoContainer(
  sources: EscapeSources,
  question: FactQuestion,
  container: EngineContainer,
): Promise<readonly Escape[]> {
  const { listener, request } = question;
  const { id } = request.operation;
  const isOwn = await isDescendant(sources, listener, container.id);
  if (isOwn && !mountsAnew(id)) return [];
  const asked = await asking(sources, question);
  if (!isOwn) return stronger(asked, container);
  // What the holder itself has beyond its bounds was given to it by others; what its binds lead to, it may have changed.
  if (isHolder(listener, container)) return mountsBeyond(sources, binds(container), asked.bounds);
  return starts(id) ? startEscapes(asked, container) : mountsBeyond(sources, container.mounts, asked.bounds);
}

function isHolder(listener: Listener, { id }: EngineContainer): boolean {
  return listener.kind === 'container-socket' && listener.holder.containerId === id;
}

function starts(id: OperationId): boolean {
  return id === 'ContainerStart' || id === 'ContainerRestart';
}

function binds({ mounts }: EngineContainer): readonly EngineMount[] {
  return mounts.filter(({ type }) => type === 'bind');
}

/** What an own container would come up with now: names and sources may mean other things than at its create. */
async function startEscapes(asking: Asking, container: EngineContainer): Promise<readonly Escape[]> {
  const { sources } = asking;
  const { escapes, joins } = await heldBeyond(sources, container, asking.bounds);
  const written = container.mounts.filter(({ type, isWritable }) => type === 'volume' && isWritable);
  const found = await Promise.all([
    strongerJoined(asking, joins),
    networksOf(sources.engine, container.networks),
    ...written.map(({ name }) => strongerSharing(asking, name)),
    hasRestartPolicy(container) ? restartsOf(sources, container) : [],
  ]);
  return [...escapes, ...found.flat()];
}

function hasRestartPolicy({ hostConfig }: EngineContainer): boolean {
  const { RestartPolicy } = hostConfig as { RestartPolicy?: { Name?: string } };
  return !['', 'no', undefined].includes(RestartPolicy?.Name);
}

async function restartsOf(sources: EscapeSources, container: EngineContainer): Promise<readonly Escape[]> {
  return looseAtRestart(
    sources,
    binds(container).map(({ source }) => source),
    [],
  );
}
