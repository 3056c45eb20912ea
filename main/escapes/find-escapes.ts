import type { BodyFact } from '../../shared/decision/facts.ts';
import { isFiltered, type Listener, type SocketHolder } from '../../shared/decision/listener.ts';
import { bodyReader, reachesInto, requestEscapes } from '../../shared/escape/by-operation.ts';
import { connectedNetworks, readRestarts } from '../../shared/escape/create-escapes.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import { networkEscapes } from '../../shared/escape/networks.ts';
import { firstValue } from '../../shared/http/request-target.ts';
import type { JsonObject } from '../../shared/json/json-node.ts';
import { jsonBody } from '../enforcement/body-facts.ts';
import type { FactQuestion } from '../enforcement/find-fact.ts';
import type { EngineClient, EngineContainer } from '../engine/engine-client.ts';
import type { OwnContainers } from '../exceptions/own-containers.ts';
import type { SourceSurvey } from '../sources/survey.ts';
import { boundsOf } from './bounds.ts';
import { isDescendant } from './descendants.ts';
import { createEscapes } from './escapes-of-create.ts';
import { heldBeyond, stronger } from './held-by.ts';
import { looseSources } from './loose-sources.ts';

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
  return { kind: 'read', value: [...shown, ...body.value.escapes, ...around] };
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
    return (await Promise.all(names.map((name) => networkOf(sources, name)))).flat();
  }
  if (operation.id === 'ImageBuild' || operation.id === 'ImageBuildWithBuildKit')
    return networkOfBuild(sources, question);
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
  const mode = firstValue(question.request.operation.target.query, 'networkmode') ?? '';
  if (['', 'default', 'none', 'host'].includes(mode)) return [];
  if (!mode.startsWith('container:')) return networkOf(sources, mode);
  const container = await sources.engine.container(mode.slice('container:'.length));
  if (container === undefined || (await isDescendant(sources, question.listener, container.id))) return [];
  const bounds = await boundsOf(sources, question.listener, question.state);
  return stronger(container, await heldBeyond(sources, container, bounds)).map(({ found }) => ({
    kind: 'joined-namespaces',
    found: `networkmode: ${found}`,
  }));
}

async function networkOf({ engine }: EscapeSources, name: string): Promise<readonly Escape[]> {
  const driver = await engine.networkDriver(name);
  return driver === undefined ? [] : networkEscapes(name, driver);
}

/** The container that a request reaches into; undefined where the engine answers for itself that there is none. */
async function reached({ engine }: EscapeSources, { request }: FactQuestion): Promise<EngineContainer | undefined> {
  const { id, params, target } = request.operation;
  const named = params.name ?? params.id ?? '';
  if (id === 'ContainerCommit') return engine.container(firstValue(target.query, 'container') ?? '');
  if (id !== 'ExecStart' && id !== 'ExecResize') return engine.container(named);
  const container = await engine.containerOfExec(named);
  return container === undefined ? undefined : engine.container(container);
}

async function intoContainer(
  sources: EscapeSources,
  { request, listener, state }: FactQuestion,
  container: EngineContainer,
): Promise<readonly Escape[]> {
  const isOwn = await isDescendant(sources, listener, container.id);
  const starts = request.operation.id === 'ContainerStart' || request.operation.id === 'ContainerRestart';
  if (isOwn && (!starts || isHolder(listener, container))) return [];
  const held = await heldBeyond(sources, container, await boundsOf(sources, listener, state));
  if (!isOwn) return stronger(container, held);
  const restarts = hasRestartPolicy(container) ? await restartsOf(sources, container) : [];
  return [...held, ...restarts];
}

function isHolder(listener: Listener, { id }: EngineContainer): boolean {
  return listener.kind === 'container-socket' && listener.holder.containerId === id;
}

function hasRestartPolicy({ hostConfig }: EngineContainer): boolean {
  const { RestartPolicy } = hostConfig as { RestartPolicy?: { Name?: string } };
  return !['', 'no', undefined].includes(RestartPolicy?.Name);
}

async function restartsOf(sources: EscapeSources, { mounts }: EngineContainer): Promise<readonly Escape[]> {
  const binds = mounts.filter(({ type }) => type === 'bind').map(({ source }) => source);
  return looseSources(sources, binds, []);
}
