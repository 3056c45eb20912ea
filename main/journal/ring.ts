import type { JournalEvent } from '../../shared/journal/event.ts';
import { isPlainPass } from '../../shared/journal/filter.ts';

/** The last events, shared fairly between those who cause them. */
export interface Ring {
  add(event: JournalEvent): void;
  /** In the order in which they happened. */
  events(): readonly JournalEvent[];
}

/** Callers that are told apart at most; later ones share one lane, so that inventing callers takes nobody's place. */
const MOST_LANES = 512;

/** Events of one caller, oldest first; `head` is the first that is still held, and those before it are let go of. */
interface Lane {
  entries: (JournalEvent | undefined)[];
  head: number;
}

/**
 * A ring of `size` events. When it is full, the oldest event of whoever holds most of it makes room: a container that
 * asks in a loop pushes out its own events and nobody else's. Passed requests have lanes of their own, so a caller's
 * refusals outlive its polling.
 */
export function createRing(size: number): Ring {
  const lanes = new Map<string, Lane>();
  let held = 0;

  function makeRoom(): void {
    let longest: [string, Lane] | undefined;
    for (const candidate of lanes) {
      if (longest === undefined || lengthOf(candidate[1]) > lengthOf(longest[1])) {
        longest = candidate;
      }
    }
    if (longest === undefined) {
      return;
    }
    const [key, lane] = longest;
    lane.entries[lane.head] = undefined;
    lane.head += 1;
    held -= 1;
    if (lengthOf(lane) === 0) {
      lanes.delete(key);
    } else if (lane.head > 64 && lane.head * 2 > lane.entries.length) {
      lane.entries = lane.entries.slice(lane.head);
      lane.head = 0;
    }
  }

  return {
    add(event) {
      const wanted = laneOf(event);
      const key = lanes.has(wanted) || lanes.size < MOST_LANES ? wanted : 'others';
      const lane = lanes.get(key) ?? { entries: [], head: 0 };
      lanes.set(key, lane);
      lane.entries.push(event);
      held += 1;
      if (held > size) {
        makeRoom();
      }
    },
    events() {
      const all = [...lanes.values()].flatMap((lane) => lane.entries.filter((entry) => entry !== undefined));
      return all.sort((a, b) => a.sequence - b.sequence);
    },
  };
}

function lengthOf(lane: Lane): number {
  return lane.entries.length - lane.head;
}

/** Who caused an event, as a key: a container, a standing socket, the host, or we ourselves. */
export function callerOf(event: JournalEvent): string {
  if (event.type !== 'decision') {
    return event.type;
  }
  const { listener, containerId, socket } = event.caller;
  return `${listener} ${containerId ?? socket ?? ''}`;
}

/** The same, with a lane of its own for what simply passed: a caller's refusals outlive its polling. */
export function laneOf(event: JournalEvent): string {
  return isPlainPass(event) ? `${callerOf(event)} passed` : callerOf(event);
}
