import type { StartUp } from '../../../shared/ipc/start-up.ts';
import { failure } from '../../control/outbox.ts';
import { liveQuestion } from '../live-question.ts';
import type { Shell } from '../shell.ts';
import type { HandlersFor } from './handlers-for.ts';

/** A choice is seen where it is made at once. */
const PACE_MS = 0;

/** How the shell comes up. The system is asked each time: its own settings change the same, and tell nobody. */
export function startUpHandlers({ opensWindow, atLogin }: Shell): HandlersFor<'setStartAtLogin', 'startUp'> {
  const listeners = new Set<() => void>();
  const ask = async (): Promise<StartUp> => {
    if (atLogin === undefined) return { atLogin: 'not-offered', opensWindow };
    return { atLogin: (await atLogin.isOn()) ? 'on' : 'off', opensWindow };
  };
  const live = liveQuestion({
    ask,
    paceMs: PACE_MS,
    watch(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  });
  return {
    requests: {
      async setStartAtLogin({ on }) {
        if (atLogin === undefined) {
          return failure('unavailable', 'this Lockkeeper cannot be started at login: only the desktop app can');
        }
        const problem = await atLogin.set(on);
        for (const changed of listeners) changed();
        return problem === undefined ? { ok: true, value: await ask() } : failure('not-written', problem);
      },
    },
    pushes: { startUp: (_, push) => live.subscribe(push) },
  };
}
