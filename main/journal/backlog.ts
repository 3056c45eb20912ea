import type { LineKind } from '../../shared/journal/counters.ts';

/** A line that waits for the disk. */
export interface Line {
  readonly text: string;
  /** Whose it is: what is left out when there is no room is taken from whoever has most waiting. */
  readonly lane: string;
  readonly kind: LineKind;
}

/** Lines on their way to the file, in bounded memory. */
export interface Backlog {
  /** Takes the line, and gives the kinds of the lines that had to go for it; its own may be among them. */
  add(line: Line): readonly LineKind[];
  /** The oldest lines, at most `most` bytes but one line at least. They stay until `written`. */
  batch(most: number): Buffer;
  /** Forgets the lines of the batch that are whole within its first `bytes`; tells how many bytes those have. */
  written(bytes: number): number;
  lines(): number;
  /** Gives up all that wait; their kinds. */
  clear(): readonly LineKind[];
}

interface Entry {
  bytes: Buffer;
  readonly lane: string;
  readonly kind: LineKind;
  dropped: boolean;
}

interface Lane {
  entries: Entry[];
  bytes: number;
}

/** Tombstones in the queue that are borne before it is swept. */
const MOST_DROPPED = 1000;
const NOTHING = Buffer.alloc(0);

/** Callers that are told apart at most, as in the ring. */
const MOST_LANES = 512;

/**
 * A backlog of `capBytes`. When it is full, the newest line of whoever has most waiting goes: a container that floods a
 * slow disk loses its own lines and nobody else's, and keeps those with which its flood began.
 */
export function createBacklog(capBytes: number): Backlog {
  const lanes = new Map<string, Lane>();
  let queue: Entry[] = [];
  let inFlight: Entry[] = [];
  let bytes = 0;
  let lines = 0;
  let dropped = 0;

  function longest(): Lane | undefined {
    let found: Lane | undefined;
    for (const lane of lanes.values()) {
      if (found === undefined || lane.bytes > found.bytes) {
        found = lane;
      }
    }
    return found;
  }

  /** Takes an entry out of its lane's account. */
  function discount(entry: Entry, lane: Lane): void {
    lane.bytes -= entry.bytes.length;
    if (lane.entries.length === 0) {
      lanes.delete(entry.lane);
    }
  }

  function dropNewest(): LineKind | undefined {
    const lane = longest();
    const entry = lane?.entries.pop();
    if (lane === undefined || entry === undefined) {
      return undefined;
    }
    discount(entry, lane);
    entry.dropped = true;
    bytes -= entry.bytes.length;
    entry.bytes = NOTHING;
    lines -= 1;
    dropped += 1;
    return entry.kind;
  }

  function sweep(): void {
    while (queue.at(-1)?.dropped === true) {
      queue.pop();
      dropped -= 1;
    }
    if (dropped > MOST_DROPPED && dropped * 2 > queue.length) {
      queue = queue.filter((entry) => !entry.dropped);
      dropped = 0;
    }
  }

  /** Moves the oldest lines out of the lanes: what is being written is no longer left out. */
  function take(most: number): void {
    let taken = 0;
    let sum = 0;
    for (const entry of queue) {
      if (!entry.dropped) {
        sum += entry.bytes.length;
        if (inFlight.length > 0 && sum > most) {
          break;
        }
        inFlight.push(entry);
      } else {
        dropped -= 1;
      }
      taken += 1;
    }
    queue = queue.slice(taken);
    const leaving = new Map<string, number>();
    for (const { lane } of inFlight) {
      leaving.set(lane, (leaving.get(lane) ?? 0) + 1);
    }
    for (const [name, count] of leaving) {
      const lane = lanes.get(name);
      for (const entry of lane?.entries.splice(0, count) ?? []) {
        if (lane !== undefined) discount(entry, lane);
      }
    }
  }

  return {
    add({ text, lane: wanted, kind }) {
      const name = lanes.has(wanted) || lanes.size < MOST_LANES ? wanted : 'others';
      const entry = { bytes: Buffer.from(`${text}\n`), lane: name, kind, dropped: false };
      const lane = lanes.get(name) ?? { entries: [], bytes: 0 };
      lanes.set(name, lane);
      lane.entries.push(entry);
      lane.bytes += entry.bytes.length;
      queue.push(entry);
      bytes += entry.bytes.length;
      lines += 1;
      const gone: LineKind[] = [];
      while (bytes > capBytes) {
        const kind = dropNewest();
        if (kind === undefined) {
          break;
        }
        gone.push(kind);
      }
      sweep();
      return gone;
    },
    batch(most) {
      if (inFlight.length === 0) {
        take(most);
      }
      return Buffer.concat(inFlight.map((entry) => entry.bytes));
    },
    written(count) {
      let whole = 0;
      let sum = 0;
      for (const entry of inFlight) {
        if (sum + entry.bytes.length > count) {
          break;
        }
        sum += entry.bytes.length;
        whole += 1;
      }
      inFlight = inFlight.slice(whole);
      bytes -= sum;
      lines -= whole;
      return sum;
    },
    lines: () => lines,
    clear() {
      const left = [...inFlight, ...queue.filter((entry) => !entry.dropped)].map((entry) => entry.kind);
      lanes.clear();
      queue = [];
      inFlight = [];
      bytes = 0;
      lines = 0;
      dropped = 0;
      return left;
    },
  };
}
