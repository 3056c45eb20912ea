import type {
  BodyFact,
  ContainerFact,
  CutOffFact,
  FactName,
  Facts,
  ForeignMountFact,
  HolderFact,
  HolderStanding,
  ImageFact,
  NamedFact,
} from '../../shared/decision/facts.ts';
import { type Listener, type SocketHolder, socketName } from '../../shared/decision/listener.ts';
import { readCreateBody } from '../../shared/engine-api/create-body.ts';
import { containerNamedBy } from '../../shared/engine-api/named-container.ts';
import { readPrivilegeMounts, readSettingMounts } from '../../shared/engine-api/plugin-body.ts';
import { readServiceMounts } from '../../shared/engine-api/service-body.ts';
import { firstValue } from '../../shared/http/request-target.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineContainer } from '../engine/engine-client.ts';
import { type EscapeSources, findEscapes } from '../escapes/find-escapes.ts';
import type { ArrivedRequest } from '../gate/gate.ts';
import type { ImageFacts } from '../images/image-facts.ts';
import { jsonBody, startBody } from './body-facts.ts';
import type { HolderStandings } from './holder-standings.ts';
import { mountFacts, pathFacts, serviceMountFacts } from './mount-facts.ts';

export interface FactSources extends EscapeSources {
  readonly holderOf: (container: EngineContainer) => Promise<HolderFact>;
  /** See ImageFacts. */
  readonly image: ImageFacts['gather'];
  readonly standing: HolderStandings;
  /** Whether the container was cut off by hand; rejects with an EngineError. */
  readonly cutOff: (holder: SocketHolder) => Promise<CutOffFact>;
}

export interface FactQuestion {
  readonly request: ArrivedRequest;
  readonly listener: Listener;
  readonly state: PolicyState;
  readonly facts: Facts;
}

/** One way to each fact that a decision can ask for. */
export async function findFact(sources: FactSources, name: FactName, question: FactQuestion): Promise<Facts> {
  const { request, listener, facts } = question;
  switch (name) {
    case 'create':
      return { create: await jsonBody(request, 'object', readCreateBody) };
    case 'mounts':
      return { mounts: await mountFacts(sources, listener, read(facts.create).mounts) };
    case 'image':
      return { image: await imageFact(sources, question) };
    case 'startBody':
      return { startBody: await startBody(request) };
    case 'named':
      return findNamed(sources, question, async () => ({}));
    case 'container':
      return findNamed(sources, question, async (named) => ({ container: await containerFact(sources, named) }));
    case 'ownContainer':
      return findNamed(sources, question, async (named) => ({ ownContainer: await isOwn(sources, listener, named) }));
    case 'escapes':
      return findNamed(sources, question, async (named) => ({
        escapes: await findEscapes(sources, { ...question, facts: { ...facts, ...(named && { named }) } }),
      }));
    case 'cutOff':
      return { cutOff: await sources.cutOff(holderBehind(listener)) };
    case 'holderStanding':
      return { holderStanding: await holderStanding(sources, listener, question.state) };
    case 'serviceMounts':
      return { serviceMounts: await serviceMounts(sources, request) };
    case 'pluginMounts':
      return { pluginMounts: await pluginMounts(sources, request) };
  }
}

function read<T>(fact: BodyFact<T> | undefined): T {
  if (fact?.kind !== 'read') throw new Error('a fact was asked for before the body that it comes from');
  return fact.value;
}

function nameIn(request: ArrivedRequest): string {
  return request.operation.params.name ?? request.operation.params.id ?? '';
}

async function imageFact(sources: FactSources, question: FactQuestion): Promise<ImageFact> {
  const { request, state, facts } = question;
  const { name, imageId, platform } =
    facts.container?.kind === 'present'
      ? { ...facts.container, name: facts.container.image }
      : { name: read(facts.create).image, imageId: undefined, platform: platformIn(request) };
  // Without a usable policy no list says anything, so nothing is asked about the image.
  if (state.kind === 'closed') return { kind: 'present', name, id: imageId ?? '', digests: [], proofs: [] };
  return sources.image(name, state.policy, { imageId, platform });
}

/** The platform that a create asks for. */
export function platformIn({ operation }: Pick<ArrivedRequest, 'operation'>): string | undefined {
  const asked = firstValue(operation.target.query, 'platform');
  return asked === '' ? undefined : asked;
}

/** A name is looked up once for a request, and everything that is found out is about that container. */
async function findNamed(
  sources: FactSources,
  question: FactQuestion,
  find: (named: NamedFact | undefined) => Promise<Facts>,
): Promise<Facts> {
  const named = await namedFact(sources, question);
  return { ...(named && { named }), ...(await find(named)) };
}

async function namedFact({ engine }: FactSources, { request, facts }: FactQuestion): Promise<NamedFact | undefined> {
  const name = containerNamedBy(request.operation);
  if (name === undefined || facts.named !== undefined) return facts.named;
  const container = await engine.container(name);
  return container === undefined ? { kind: 'absent' } : { kind: 'present', id: container.id };
}

async function containerFact(sources: FactSources, named: NamedFact | undefined): Promise<ContainerFact> {
  const container = named?.kind === 'present' ? await sources.engine.container(named.id) : undefined;
  if (container === undefined) return { kind: 'absent' };
  const { id, image, imageId, startedAt, runs } = container;
  const platform = runs?.platform;
  const holds = await sources.holderOf(container);
  return {
    kind: 'present',
    id,
    image,
    imageId,
    holds,
    ...(platform !== undefined && { platform }),
    ...(startedAt !== undefined && { startedAt }),
  };
}

async function isOwn(sources: FactSources, listener: Listener, named: NamedFact | undefined): Promise<boolean> {
  const socket = socketName(listener);
  if (socket === undefined || named === undefined) return false;
  // That there is none is said where it is answered; nothing can be done to it.
  return named.kind === 'absent' || sources.own.has(socket, named.id);
}

function holderStanding(
  sources: FactSources,
  listener: Listener,
  state: PolicyState,
): HolderStanding | Promise<HolderStanding> {
  return sources.standing(holderBehind(listener), state);
}

function holderBehind(listener: Listener): SocketHolder {
  if (listener.kind !== 'container-socket') throw new Error('only containers hold a socket that can be taken away');
  return listener.holder;
}

async function serviceMounts(
  sources: FactSources,
  request: ArrivedRequest,
): Promise<BodyFact<readonly ForeignMountFact[]>> {
  const body = await jsonBody(request, 'object', readServiceMounts);
  return body.kind === 'refused' ? body : { kind: 'read', value: await serviceMountFacts(sources, body.value) };
}

async function pluginMounts(
  sources: FactSources,
  request: ArrivedRequest,
): Promise<BodyFact<readonly ForeignMountFact[]>> {
  if (request.operation.id === 'PluginEnable') {
    const paths = (await sources.engine.pluginMounts(nameIn(request))) ?? [];
    return { kind: 'read', value: await pathFacts(sources.survey, paths) };
  }
  const reader = request.operation.id === 'PluginSet' ? readSettingMounts : readPrivilegeMounts;
  const body = await jsonBody(request, 'array', reader);
  return body.kind === 'refused' ? body : { kind: 'read', value: await pathFacts(sources.survey, body.value) };
}
