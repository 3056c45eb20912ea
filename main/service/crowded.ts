import type { EventBody } from '../../shared/journal/event.ts';
import { systemClocks } from '../clocks/clocks.ts';

/** A flood is told when it begins, and then at most this often. */
const TELL_EVERY_MS = 60_000;

/** Tells the journal that a socket has more clients than it has places for; for how many that was so, `status` counts. */
export function tellCrowded(record: (event: EventBody) => void, now = systemClocks.steady) {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (socket: string): void => {
    if (now() - toldAt < TELL_EVERY_MS) return;
    toldAt = now();
    const detail =
      `more clients come to ${socket} than are served at once: those that send nothing are closed, the longest idle ` +
      'first, and when all are busy new ones get 503; see what connects there, or raise lockkeeper.limits in the settings file';
    record({ type: 'lifecycle', what: 'alarm', detail });
  };
}
