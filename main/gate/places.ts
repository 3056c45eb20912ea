import { readFileSync } from 'node:fs';

/** What clients may take of us, all of it bounded, so that nobody who floods a socket takes it from everybody else. */
export interface PlaceLimits {
  /** Connections of one socket at once. */
  readonly ofSocket: number;
  /** Connections of all sockets at once. */
  readonly inAll: number;
  /** Bytes of heads and inspected bodies that are kept for the clients of one socket. */
  readonly heldBytes: number;
}

/** One connection's place. */
export interface Place {
  /** It is for the client to send what comes next: a head, or a body that is inspected. The place may be given to another. */
  waiting(): void;
  /** Something is in progress that would be lost with the connection. */
  busy(): void;
  /** Bytes of the client's that are kept for it now. */
  hold(bytes: number): void;
  free(): void;
}

/** The places of one socket. */
export interface SocketPlaces {
  /** A place for one more connection, if there is one; `giveUp` closes the connection when another gets its place. */
  take(giveUp: () => void): Place | undefined;
}

export interface PlaceCounts {
  readonly open: number;
  /** Connections that were closed since another needed their place, or their bytes were too many. */
  readonly gaveWay: number;
  /** Connections that got no place. */
  readonly turnedAway: number;
}

export interface Places {
  ofSocket(name: string): SocketPlaces;
  counts(): PlaceCounts;
}

interface Taken {
  readonly giveUp: () => void;
  bytes: number;
}

interface Owner {
  readonly name: string;
  readonly open: Set<Taken>;
  /** Those that have waited longest first. */
  readonly waiting: Set<Taken>;
  bytes: number;
}

/**
 * Each connection needs a file for its client and one for the engine; a fifth is left for everything else. Where the
 * system does not tell how many files a process may have, it is as many as macOS gives.
 */
export function placesForFiles(): number {
  let files = 10_240;
  try {
    files = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? files);
  } catch {
    // There is no procfs but on Linux.
  }
  return Math.floor(files * 0.4);
}

/**
 * Gives out places. Where there is none left, the connection gives way for which we have waited longest, of the socket
 * that is full, or of the one with the most connections when all are full; one on which something is in progress never
 * does. `limits` are asked for each time: where they have become narrower, the next connection makes the room that is
 * missing. `crowded` is told what that came to.
 */
export function openPlaces(limits: () => PlaceLimits, crowded: (socket: string) => void = () => {}): Places {
  const owners = new Set<Owner>();
  let open = 0;
  let gaveWay = 0;
  let turnedAway = 0;

  function leave(owner: Owner, taken: Taken): void {
    if (!owner.open.delete(taken)) return;
    owner.waiting.delete(taken);
    owner.bytes -= taken.bytes;
    open -= 1;
    if (owner.open.size === 0) owners.delete(owner);
  }

  function giveWay(owner: Owner, taken: Taken): void {
    leave(owner, taken);
    gaveWay += 1;
    crowded(owner.name);
    taken.giveUp();
  }

  function makeRoom(owner: Owner | undefined): boolean {
    const [longest] = owner?.waiting ?? [];
    if (owner === undefined || longest === undefined) return false;
    giveWay(owner, longest);
    return true;
  }

  function mostCrowded(): Owner | undefined {
    const candidates = [...owners].filter(({ waiting }) => waiting.size > 0);
    return candidates.sort((one, other) => other.open.size - one.open.size)[0];
  }

  function hasRoom(owner: Owner): boolean {
    const { ofSocket, inAll } = limits();
    while (owner.open.size >= ofSocket) if (!makeRoom(owner)) return false;
    while (open >= inAll) if (!makeRoom(mostCrowded())) return false;
    return true;
  }

  function hold(owner: Owner, taken: Taken, bytes: number): void {
    if (!owner.open.has(taken)) return;
    owner.bytes += bytes - taken.bytes;
    taken.bytes = bytes;
    const { heldBytes } = limits();
    for (const other of owner.waiting) {
      if (owner.bytes <= heldBytes) return;
      if (other !== taken && other.bytes > 0) giveWay(owner, other);
    }
    if (owner.bytes > heldBytes && bytes > 0) giveWay(owner, taken);
  }

  return {
    ofSocket(name) {
      const owner: Owner = { name, open: new Set(), waiting: new Set(), bytes: 0 };
      return {
        take(giveUp) {
          if (!hasRoom(owner)) {
            turnedAway += 1;
            crowded(name);
            return undefined;
          }
          const taken: Taken = { giveUp, bytes: 0 };
          owners.add(owner);
          owner.open.add(taken);
          owner.waiting.add(taken);
          open += 1;
          return {
            waiting: () => void (owner.open.has(taken) && owner.waiting.add(taken)),
            busy: () => void owner.waiting.delete(taken),
            hold: (bytes) => hold(owner, taken, bytes),
            free: () => leave(owner, taken),
          };
        },
      };
    },
    counts: () => ({ open, gaveWay, turnedAway }),
  };
}
