import { keepToOurselves } from '../sockets/own-mask.ts';
import { goOn, type Reached } from '../steps/step.ts';
import { comeBack } from './come-back.ts';
import { answering } from './control.ts';
import { putEnforcementTogether } from './enforcement.ts';
import { startEngineSide } from './engine-side.ts';
import { hostSockets } from './gates.ts';
import { openGround } from './ground.ts';
import { endOfService, greeting } from './running.ts';
import type { ServeOptions, Service } from './service-options.ts';
import { headless, type Shell } from './shell.ts';
import { guardState } from './state-guard.ts';
import { type UndoList, undoList } from './undo-list.ts';

/** Starts everything in the order in which one thing needs the other, in whatever shell; what fails on the way undoes what was started. */
export async function startService(
  options: ServeOptions,
  reached: Reached = goOn,
  shell: Shell = headless,
): Promise<Service> {
  keepToOurselves();
  const undo = undoList();
  try {
    return await start(options, undo, reached, shell);
  } catch (error) {
    await undo.run(() => undefined);
    throw error;
  }
}

async function start(options: ServeOptions, undo: UndoList, reached: Reached, shell: Shell): Promise<Service> {
  const ground = await openGround(options, undo, reached);
  const { state, policy, journal, preferences, endpoint, failed } = ground;
  const engineSide = await startEngineSide(ground);
  const enforcement = putEnforcementTogether(ground, engineSide);
  const { open, sockets, facts } = enforcement;
  const containers = await comeBack(ground, engineSide, enforcement);

  const listeners = hostSockets(undo);
  await listeners.openGates(open, state.hostGate, options.standingSockets);
  reached('host-gate-open');
  const over = endOfService(() => undo.run(failed));
  const guard = guardState({
    state,
    sockets,
    listeners: listeners.all,
    storeAgain: [policy.storeAgain, facts.own.storeAgain, preferences.storeAgain],
    record: journal.record,
    giveUp: over.giveUp,
  });
  undo.add(guard.stop);

  const problems = () => [...state.problems, ...[guard, sockets, preferences].flatMap((one) => one.problems())];
  const { engineNow: engine, images } = engineSide;
  const about = { ...ground, shell, sockets, problems, engine, facts, containers };
  const answers = answering({ ...about, images });
  undo.add(answers.close);
  await listeners.lasting(state.control, answers.openControl);
  const windowLink = options.dashboard === undefined ? undefined : await answers.openWindow(options.dashboard);
  await guard.begin();

  journal.record({ type: 'lifecycle', what: 'started', detail: `serving ${endpoint.url} at ${state.hostGate}` });
  const said = greeting(state, endpoint, policy.state(), engine, windowLink);
  return { ...said, serve: answers.serve, stop: over.stop, stopped: over.stopped };
}
