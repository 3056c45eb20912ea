import { setTimeout as pause } from 'node:timers/promises';
import { renderRemark } from '../../shared/policy/admin-settings.ts';
import { createEnforcer, type EnforcerDeps } from '../enforcement/enforce.ts';
import { factSources } from '../enforcement/fact-sources.ts';
import type { FactSources } from '../enforcement/find-fact.ts';
import { defaultEngineUrl, type EngineEndpoint, parseEngineUrl } from '../engine/endpoint.ts';
import { type EngineClient, engineClient } from '../engine/engine-client.ts';
import { type ContainerSockets, containerSockets } from '../exceptions/container-sockets.ts';
import { followContainers } from '../exceptions/follow-containers.ts';
import { holderRecords } from '../exceptions/holder-records.ts';
import { localDelivery } from '../exceptions/local-delivery.ts';
import { type ImageLooks, imageLooks } from '../exceptions/look-at-image.ts';
import { ownContainers } from '../exceptions/own-containers.ts';
import type { Gate } from '../gate/gate.ts';
import { startImages } from '../images/image-service.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { openPolicySource, type PolicySource, refusedSettingsFile } from '../settings/settings.ts';
import { openSurvey } from '../sources/survey.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { answering } from './control.ts';
import { engineState } from './engine-state.ts';
import { gateOpener, openHostSocket } from './gates.ts';
import { journalSettings } from './journal-settings.ts';
import { type LastingSocket, lastingSocket } from './lasting-socket.ts';
import { announcePolicy } from './policy-events.ts';
import { endOfService, greeting } from './running.ts';
import { type ServeOptions, type Service, StartFailure } from './service-options.ts';
import { type OpenState, openState } from './state.ts';
import { guardState } from './state-guard.ts';
import { surviveBugs } from './survive-bugs.ts';
import { type UndoList, undoList } from './undo-list.ts';

/** How long a start waits for the engine's first answer. */
const ENGINE_MS = 2_000;

/** Starts everything in the order in which one thing needs the other; what fails on the way undoes what was started. */
export async function startService(options: ServeOptions, reached: Reached = goOn): Promise<Service> {
  const undo = undoList();
  try {
    return await start(options, undo, reached);
  } catch (error) {
    await undo.run(() => undefined);
    throw error;
  }
}

async function start(options: ServeOptions, undo: UndoList, reached: Reached): Promise<Service> {
  const endpoint = engineEndpoint(options);
  await checkSettingsOption(options);
  const state = await openState(options, reached);
  undo.add(() => state.release());

  const policy = await openPolicySource({
    stateFolder: state.folder,
    reached,
    ...(options.settings !== undefined && { settingsFile: options.settings }),
  });
  undo.add(() => policy.close());
  reached('policy-loaded');
  const journal = await openJournal({ folder: state.folder, reached, ...journalSettings(policy) });
  undo.add(() => journal.close());
  const failed = (error: unknown) =>
    void journal.record({ type: 'lifecycle', what: 'internal-error', detail: words(error) });
  undo.add(announcePolicy(policy, journal));
  undo.add(surviveBugs(failed));

  const engine = engineClient(endpoint);
  const engineNow = engineState(endpoint, engine, journal.record);
  const images = await startImages({
    engine,
    policy,
    stateFolder: state.folder,
    record: journal.record,
    isReachable: () => engineNow.view().reachable,
    reached,
  });
  undo.add(() => images.stop());

  const gate: { enforce: Gate['enforce'] } = { enforce: notYet };
  const open = gateOpener({
    endpoint,
    record: journal.record,
    failed,
    enforce: (...request) => gate.enforce(...request),
  });
  const own = ownContainers(state.created, reached);
  const sockets = containerSockets({
    folder: state.sockets,
    records: holderRecords(state, reached),
    engine,
    engineId: engineNow.id,
    endpoint,
    listen: open,
    record: journal.record,
    forget: own.forget,
    remappedRoot: () => engineNow.view().remappedRoot,
    reached,
  });
  undo.add(() => sockets.close());
  const survey = openSurvey({
    engine: endpoint,
    engineKernel: () => engineNow.view().kernel,
    hostGatePath: state.hostGate,
    standingSockets: options.standingSockets,
    stateFolder: state.folder,
    socketsFolder: state.sockets,
    deliveredTargets: sockets.targetsOf,
  });
  const facts = factSources({
    engine,
    own,
    survey,
    image: images.gather,
    socketsFolder: state.sockets,
    deliveredTo: sockets.holderOf,
  });
  const looks = imageLooks({ engine, folder: state.looks, failed, reached });
  gate.enforce = enforcer({ state, policy, journal, engine, facts, looks, sockets, failed, reached });

  // Containers that run come first: nobody but them waits for an engine that is slow to answer.
  await sockets.restore();
  await Promise.race([engineNow.reached(), pause(ENGINE_MS, undefined, { ref: false })]);
  // Before clients can come again: what they ask again may bear the name of what is left over.
  if (engineNow.view().reachable && sockets.hasUndelivered()) await sockets.reconcile().catch(failed);
  reached('leftovers-removed');
  const reachable = () =>
    engineNow
      .reached()
      .then(images.engineIsBack)
      .then(() => looks.removeLeftovers().catch(failed));
  undo.add(followContainers(sockets, engine, { reachable, unreachable: engineNow.lost, failed }));
  const listeners: LastingSocket[] = [];
  const lasting = async (path: string, openIt: Parameters<typeof lastingSocket>[1]) => {
    const socket = await lastingSocket(path, openIt);
    undo.add(() => socket.close());
    listeners.push(socket);
  };
  for (const path of options.standingSockets) {
    await lasting(path, () => openHostSocket(open, path, 'standing socket', { kind: 'standing-socket', path }));
  }
  await lasting(state.hostGate, () => openHostSocket(open, state.hostGate, 'host gate', { kind: 'host-gate' }));
  reached('host-gate-open');
  const over = endOfService(() => undo.run(failed));
  const guard = guardState({
    state,
    mendSockets: sockets.mend,
    listeners,
    storeAgain: policy.storeAgain,
    record: journal.record,
    giveUp: over.giveUp,
  });
  undo.add(guard.stop);
  const problems = () => [...guard.problems(), ...sockets.problems()];
  const answers = answering({
    state,
    options,
    policy,
    journal,
    sockets,
    problems,
    engine: engineNow,
    facts,
  });
  undo.add(answers.close);
  await lasting(state.control, answers.openControl);
  const dashboardLink = options.dashboard === undefined ? undefined : await answers.openWindow(options.dashboard);
  await guard.begin();

  journal.record({ type: 'lifecycle', what: 'started', detail: `serving ${endpoint.url} at ${state.hostGate}` });
  const service = { ...greeting(state, endpoint, policy.state(), engineNow), stop: over.stop, stopped: over.stopped };
  return dashboardLink === undefined ? service : { ...service, windowLine: windowLine(dashboardLink) };
}

function enforcer(deps: {
  readonly state: OpenState;
  readonly policy: PolicySource;
  readonly journal: Journal;
  readonly engine: EngineClient;
  readonly facts: FactSources;
  readonly looks: ImageLooks;
  readonly sockets: ContainerSockets;
  readonly failed: EnforcerDeps['failed'];
  readonly reached: Reached;
}): Gate['enforce'] {
  const { state, policy, journal, engine, facts, looks, sockets, failed, reached } = deps;
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

function engineEndpoint(options: ServeOptions): EngineEndpoint {
  const endpoint = parseEngineUrl(options.engine ?? defaultEngineUrl(process.platform));
  if (endpoint.kind === 'refused') throw new StartFailure('usage', endpoint.problem);
  return endpoint;
}

async function checkSettingsOption(options: ServeOptions): Promise<void> {
  const refused = options.settings === undefined ? undefined : await refusedSettingsFile(options.settings);
  if (refused !== undefined) throw new StartFailure('usage', renderRemark(refused));
}

/** Connections are accepted before everything is in place only if something is wrong with this file. */
function notYet(): never {
  throw new Error('a request came before the decision was in place');
}

function words(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Says which shell shows the window, and why that one. */
function windowLine(link: string): string {
  return `lockkeeper: window in the browser (Electron: not in this version), open once: ${link}`;
}
