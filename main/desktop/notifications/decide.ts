import { type Blocked, whoOf } from '../tray/tray-facts.ts';

/** A notification to show: about one blocked request, or about so many in a while. */
export type Notice =
  | { readonly kind: 'one'; readonly event: Blocked }
  | {
      readonly kind: 'many';
      readonly count: number;
      /** By whom, where all were by the same image. */
      readonly who?: string;
      /** The newest of them. */
      readonly event: Blocked;
    };

/** What waits to be told, and when something was told last. */
export interface Waiting {
  /** Milliseconds; absent: never. */
  readonly toldAt?: number;
  readonly count: number;
  /** The image that asked for all of them; absent when there are several, or none has asked. */
  readonly who?: string;
  readonly newest?: Blocked;
}

/** Nobody reads more than one a minute about the same thing. */
export const QUIET_MS = 60_000;

export const NOTHING_WAITS: Waiting = { count: 0 };

/** One more was blocked. What the window shows already is told nobody again. */
export function withBlocked(waiting: Waiting, event: Blocked, isSeen: boolean): Waiting {
  if (isSeen) return told(waiting.toldAt);
  const { count, toldAt } = waiting;
  const who = whoOf(event);
  const isSame = count === 0 || who === waiting.who;
  return {
    count: count + 1,
    newest: event,
    ...(toldAt !== undefined && { toldAt }),
    ...(isSame && who !== undefined && { who }),
  };
}

/** What is to be told now, and what waits then. `again`: milliseconds after which to ask again, if something waits. */
export function due(waiting: Waiting, now: number): { notice?: Notice; waiting: Waiting; again?: number } {
  const { count, newest, toldAt, who } = waiting;
  if (newest === undefined) return { waiting };
  const quiet = toldAt === undefined ? 0 : toldAt + QUIET_MS - now;
  if (quiet > 0) return { waiting, again: quiet };
  const one: Notice = { kind: 'one', event: newest };
  const many: Notice = { kind: 'many', count, event: newest, ...(who !== undefined && { who }) };
  return { notice: count === 1 ? one : many, waiting: told(now) };
}

function told(at: number | undefined): Waiting {
  return at === undefined ? NOTHING_WAITS : { count: 0, toldAt: at };
}
