import { renderRemark } from '../../shared/policy/admin-settings.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { createEnforcer, type EnforcerDeps } from '../enforcement/enforce.ts';
import { defaultEngineUrl, type EngineEndpoint, parseEngineUrl } from '../engine/endpoint.ts';
import { type EngineClient, engineClient } from '../engine/engine-client.ts';
import { type ContainerSockets, containerSockets } from '../exceptions/container-sockets.ts';
import { followRemovals } from '../exceptions/follow-removals.ts';
import { holderRecords } from '../exceptions/holder-records.ts';
import { linkDelivery } from '../exceptions/link-delivery.ts';
import { ownContainers } from '../exceptions/own-containers.ts';
import type { Gate } from '../gate/gate.ts';
import { type ImageService, startImages } from '../images/image-service.ts';
import { type Journal, openJournal } from '../journal/journal.ts';
import { openPolicySource, type PolicySource, refusedSettingsFile } from '../settings/settings.ts';
import { inspectHolder } from '../sources/holder.ts';
import { openSurvey, type SourceSurvey } from '../sources/survey.ts';
import { openControl } from './control.ts';
import { type EngineState, engineState } from './engine-state.ts';
import { gateOpener, openHostSocket } from './gates.ts';
import { announcePolicy } from './policy-events.ts';
import { type ServeOptions, type Service, StartFailure } from './service-options.ts';
import { type OpenState, openState } from './state.ts';

/** Collects what has to be undone, and undoes it in the opposite order. */
function undoList() {
  const steps: (() => unknown)[] = [];
  return {
    add: (step: () => unknown) => void steps.push(step),
    async run(failed: (error: unknown) => void) {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          failed(error);
        }
      }
    },
  };
}

/** Starts everything in the order in which one thing needs the other; what fails on the way undoes what was started. */
export async function startService(options: ServeOptions): Promise<Service> {
  const undo = undoList();
  try {
    return await start(options, undo);
  } catch (error) {
    await undo.run(() => undefined);
    throw error;
  }
}

async function start(options: ServeOptions, undo: ReturnType<typeof undoList>): Promise<Service> {
  const endpoint = engineEndpoint(options);
  await checkSettingsOption(options);
  const state = await openState(options);
  undo.add(() => state.release());

  const policy = await openPolicySource({
    stateFolder: state.folder,
    ...(options.settings !== undefined && { settingsFile: options.settings }),
  });
  undo.add(() => policy.close());
  const journal = await openJournal({ folder: state.folder, writePasses: () => writesPasses(policy) });
  undo.add(() => journal.close());
  const failed = (error: unknown) =>
    void journal.record({ type: 'lifecycle', what: 'internal-error', detail: words(error) });
  undo.add(announcePolicy(policy, journal));
  undo.add(surviveBugs(failed));

  const engine = engineClient(endpoint);
  const engineNow = engineState(endpoint, engine, journal.record);
  const images = await startImages({ engine, policy, stateFolder: state.folder, record: journal.record });
  undo.add(() => images.stop());

  const gate: { enforce: Gate['enforce'] } = { enforce: notYet };
  const open = gateOpener({
    endpoint,
    record: journal.record,
    failed,
    enforce: (...request) => gate.enforce(...request),
  });
  const sockets = containerSockets({
    folder: state.sockets,
    records: holderRecords(state.holders),
    engine,
    endpoint,
    listen: open,
    record: journal.record,
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
  gate.enforce = enforcer({ state, policy, journal, engine, images, sockets, survey, failed });

  await engineNow.reached();
  await sockets.restore();
  undo.add(
    followRemovals(sockets, engine, { reachable: () => void engineNow.reached(), unreachable: engineNow.lost, failed }),
  );
  for (const path of options.standingSockets) {
    const socket = await openHostSocket(open, path, 'standing socket', { kind: 'standing-socket', path });
    undo.add(() => socket.close({ cut: true }));
  }
  const hostGate = await openHostSocket(open, state.hostGate, 'host gate', { kind: 'host-gate' });
  undo.add(() => hostGate.close({ cut: true }));
  const control = await openControl({ state, options, policy, journal, sockets, engine: engineNow });
  undo.add(() => control.close());

  journal.record({ type: 'lifecycle', what: 'started', detail: `serving ${endpoint.url} at ${state.hostGate}` });
  const service = running(state, endpoint, policy.state(), engineNow, () => undo.run(failed));
  const { dashboardLink } = control;
  return dashboardLink === undefined ? service : { ...service, windowLine: windowLine(dashboardLink) };
}

function enforcer(deps: {
  readonly state: OpenState;
  readonly policy: PolicySource;
  readonly journal: Journal;
  readonly engine: EngineClient;
  readonly images: ImageService;
  readonly sockets: ContainerSockets;
  readonly survey: SourceSurvey;
  readonly failed: EnforcerDeps['failed'];
}): Gate['enforce'] {
  const { state, policy, journal, engine, images, sockets, survey, failed } = deps;
  return createEnforcer({
    policy: policy.state,
    record: journal.record,
    failed,
    emptyFolder: state.empty,
    sockets,
    engine,
    delivery: linkDelivery(engine),
    facts: {
      engine,
      own: ownContainers(state.created),
      survey,
      image: images.gather,
      holderOf: (container) =>
        inspectHolder(container, survey, {
          engine,
          socketsFolder: state.sockets,
          filteredKeyOf: (id) => sockets.holderOf(id)?.key,
        }),
    },
  });
}

/** The last resort: a failure that nobody caught is told, and everybody else is served on. */
function surviveBugs(failed: (error: unknown) => void): () => void {
  process.on('unhandledRejection', failed);
  process.on('uncaughtException', failed);
  return () => {
    process.off('unhandledRejection', failed);
    process.off('uncaughtException', failed);
  };
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

function writesPasses(policy: PolicySource): boolean {
  const state = policy.state();
  return state.kind === 'effective' && state.policy.values['lockkeeper.audit.passes'];
}

function words(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function running(
  state: OpenState,
  endpoint: EngineEndpoint,
  policy: PolicyState,
  engine: EngineState,
  close: () => Promise<void>,
): Service {
  const { promise: stopped, resolve } = withResolvers();
  let stopping: Promise<void> | undefined;
  const { reachable, version } = engine.view();
  const behind = reachable ? `engine ${version}` : 'engine not reachable yet';
  return {
    readyLine: `lockkeeper: ready at unix://${state.hostGate} for ${endpoint.url} (${behind})`,
    remarks: [...policy.problems, ...(policy.kind === 'effective' ? policy.warnings : [])].map(renderRemark),
    stopped,
    stop() {
      stopping ??= close().then(resolve);
      return stopping;
    },
  };
}

/** Says which shell shows the window, and why that one. */
function windowLine(link: string): string {
  return `lockkeeper: window in the browser (Electron: not in this version), open once: ${link}`;
}

/** Promise.withResolvers, which Node has from 22 on. */
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
