import { type Listener, socketName } from '../../shared/decision/listener.ts';
import { createEnforcer } from '../enforcement/enforce.ts';
import { factSources } from '../enforcement/fact-sources.ts';
import type { FactSources } from '../enforcement/find-fact.ts';
import { boundsOf } from '../escapes/bounds.ts';
import { checkStarted } from '../escapes/check-started.ts';
import { type ContainerSockets, containerSockets } from '../exceptions/container-sockets.ts';
import { holderRecords } from '../exceptions/holder-records.ts';
import { localDelivery } from '../exceptions/local-delivery.ts';
import { type ImageLooks, imageLooks } from '../exceptions/look-at-image.ts';
import { type OwnContainers, ownContainers } from '../exceptions/own-containers.ts';
import type { Gate } from '../gate/gate.ts';
import { settingsFolders, thisPlatform } from '../settings/platform.ts';
import { openSurvey } from '../sources/survey.ts';
import type { EngineSide } from './engine-side.ts';
import { type GateOpener, gateOpener } from './gates.ts';
import type { Ground } from './ground.ts';

/** What decides, and what it hands out. */
export interface Enforcement {
  /** Opens a listener behind which everything is decided. */
  readonly open: GateOpener;
  readonly sockets: ContainerSockets;
  readonly looks: ImageLooks;
  readonly facts: FactSources;
  /** Looks at what a container has that has just been started, by whomever. */
  readonly started: (containerId: string) => Promise<void>;
}

/** Puts the decision together with those who find facts for it and those who carry it out. Nothing listens yet. */
export function putEnforcementTogether(ground: Ground, engineSide: EngineSide): Enforcement {
  const { endpoint, state, journal, failed, limits, places, reached } = ground;
  const gate: { enforce: Gate['enforce'] } = { enforce: notYet };
  const enforce: Gate['enforce'] = (...request) => gate.enforce(...request);
  const open = gateOpener({ endpoint, record: journal.record, failed, limits, places, enforce });
  const own = ownContainers(state.created, reached);
  const sockets = openSockets(ground, engineSide, open, own);
  const facts = whoFindsFacts(ground, engineSide, sockets, own);
  const looks = imageLooks({ engine: engineSide.engine, folder: state.looks, failed, reached });
  gate.enforce = enforcer(ground, engineSide, { sockets, facts, looks });
  return { open, sockets, looks, facts, started: startedWith(ground, engineSide, { sockets, facts }) };
}

function openSockets(
  { state, endpoint, journal, failed, undo, reached }: Ground,
  { engine, engineNow }: EngineSide,
  listen: GateOpener,
  own: OwnContainers,
): ContainerSockets {
  const sockets = containerSockets({
    folder: state.sockets,
    records: holderRecords(state, reached),
    engine,
    engineId: engineNow.id,
    endpoint,
    listen,
    record: journal.record,
    failed,
    own,
    remappedRoot: () => engineNow.view().remappedRoot,
    reached,
  });
  undo.add(() => sockets.close());
  return sockets;
}

function whoFindsFacts(
  { options, endpoint, state }: Ground,
  { engine, engineNow, images }: EngineSide,
  sockets: ContainerSockets,
  own: OwnContainers,
): FactSources {
  const survey = openSurvey({
    engine: endpoint,
    engineKernel: () => engineNow.view().kernel,
    hostGatePath: state.hostGate,
    standingSockets: options.standingSockets,
    stateFolder: state.folder,
    socketsFolder: state.sockets,
    settingsFolders: settingsFolders(thisPlatform()),
    deliveredTargets: sockets.targetsOf,
  });
  return factSources({
    engine,
    own,
    survey,
    image: images.gather,
    holders: sockets.holders,
    socketsFolder: state.sockets,
    emptyFolder: state.empty,
    deliveredTo: sockets.holderOf,
    cutOff: sockets.cutOffs.factOf,
  });
}

function startedWith(
  { options, policy, journal }: Ground,
  { engine }: EngineSide,
  { sockets, facts }: Pick<Enforcement, 'sockets' | 'facts'>,
): Enforcement['started'] {
  const filtered = (): readonly Listener[] => [
    ...sockets.holders().map((holder) => ({ kind: 'container-socket' as const, holder })),
    ...options.standingSockets.map((path) => ({ kind: 'standing-socket' as const, path })),
  ];
  return checkStarted({
    engine,
    survey: facts.survey,
    holderOf: facts.holderOf,
    policy: policy.state,
    record: journal.record,
    async createdThrough(id) {
      const listeners = filtered();
      const answers = await Promise.all(listeners.map((one) => facts.own.has(socketName(one) ?? '', id)));
      return listeners[answers.indexOf(true)];
    },
    boundsOf: (listener) => boundsOf(facts, listener, policy.state()),
    mountedByUs: [facts.socketsFolder, facts.emptyFolder],
  });
}

function enforcer(
  { state, policy, journal, failed, reached }: Ground,
  { engine }: EngineSide,
  { sockets, facts, looks }: Pick<Enforcement, 'sockets' | 'facts' | 'looks'>,
): Gate['enforce'] {
  return createEnforcer({
    policy: policy.state,
    onPolicyChange: policy.onChange,
    record: journal.record,
    failed,
    reached,
    emptyFolder: state.empty,
    sockets,
    engine,
    delivery: localDelivery({ engine, lookAtImage: looks.lookAtImage, socketsFolder: state.sockets }),
    facts,
  });
}

/** Connections are accepted before everything is in place only if something is wrong with this file. */
function notYet(): never {
  throw new Error('a request came before the decision was in place');
}
