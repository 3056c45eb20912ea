import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EventBody } from '../../shared/journal/event.ts';
import { createAllowance } from '../control/allowance.ts';
import type { Refusal } from './refusal.ts';
import { createSecrets } from './secrets.ts';
import type { Fields, Place } from './where-from.ts';

export interface VisitorsOptions extends Place {
  readonly record: (event: EventBody) => void;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

/**
 * What a new visitor gets. Browsers send cookies to every port of a host: whatever else is served on 127.0.0.1, such as
 * a container's published port, sees this one. So the page proves beside it what only its own origin, port included, was
 * given to keep.
 */
export interface Entry {
  readonly cookie: string;
  readonly proof: string;
}

/** Who may see the window: whoever came by a link, for as long as this run lasts. */
export interface Visitors {
  /** A token for one new visitor. */
  token(): string;
  /** Lets whoever has a token in that holds; it is void from then on. */
  enter(token: string): Entry | undefined;
  /** Whether it comes from a browser that entered; enough for the window's files, which are no secret. */
  isKnown(fields: Fields): boolean;
  /** Whether it comes from our page in a browser that entered; only this gets to the contract. */
  isOurPage(fields: Fields): boolean;
  /** The answer to whoever is not known. */
  turnedAway(fields: Fields, why?: string): Refusal;
}

/** A link that nobody opened is void after this: it may stand in a log. */
const LINK_MS = 15 * 60_000;
const MOST_LINKS = 8;
const MOST_SESSIONS = 16;
/**
 * Secrets of 256 bits are not found by trying, so those that hold keep their way in: otherwise every user of this
 * machine could lock its owner out. The limit is there to be noticed.
 */
const WRONG_SECRETS = { burst: 20, perSecond: 0.2 } as const;
const NEW_LINK = "run 'lockkeeper dashboard' for a link, and open it";

export function createVisitors({ port, record, now = () => performance.now() }: VisitorsOptions): Visitors {
  const links = createSecrets({ most: MOST_LINKS, lifetimeMs: LINK_MS, now });
  const sessions = createSecrets({ most: MOST_SESSIONS, now });
  const wrong = createAllowance({ ...WRONG_SECRETS, now });
  const alarm = createAllowance({ burst: 1, perSecond: 1 / 3600, now });
  // Browsers send cookies to all ports of a host: other Lockkeepers have other names.
  const cookie = `lockkeeper-${port}`;
  const key = randomBytes(32);
  const proofOf = (session: string) => createHmac('sha256', key).update(session).digest();

  function refusal(triedSecret: boolean, why: string): Refusal {
    if (!triedSecret || wrong()) return { status: 401, message: `${why}: ${NEW_LINK}` };
    if (alarm()) {
      const detail = `somebody on this machine tries links or cookies of the window at 127.0.0.1:${port} in rows`;
      record({ type: 'lifecycle', what: 'alarm', detail });
    }
    return { status: 429, message: 'too many wrong links or cookies: wait a minute', headers: { 'Retry-After': '60' } };
  }

  return {
    token: links.issue,
    enter(token) {
      if (!links.spend(token)) return undefined;
      const session = sessions.issue();
      const attributes = 'Path=/; HttpOnly; SameSite=Strict';
      return { cookie: `${cookie}=${session}; ${attributes}`, proof: proofOf(session).toString('base64url') };
    },
    isKnown: (fields) => cookiesOf(fields, cookie).some(sessions.holds),
    isOurPage(fields) {
      const proofs = proofsOf(fields);
      const held = cookiesOf(fields, cookie).filter(sessions.holds).map(proofOf);
      return held.some((wanted) => proofs.some((proof) => isSame(proof, wanted)));
    },
    turnedAway(fields, why) {
      const hasCookie = cookiesOf(fields, cookie).length > 0;
      const words = hasCookie
        ? 'this browser is not known to this run of Lockkeeper'
        : 'the window is opened by a link';
      return refusal(hasCookie || why !== undefined, why ?? words);
    },
  };
}

/** What a page can say when it opens a WebSocket: sub-protocols (RFC 6455, section 4.1), of which one is its proof. */
function proofsOf({ 'sec-websocket-protocol': protocols = [] }: Fields): readonly Buffer[] {
  return protocols.flatMap((field) => field.split(',')).map((name) => Buffer.from(name.trim(), 'base64url'));
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** All values of the name: a browser sends one for each path and host under which it was set (RFC 6265, section 4.2.2). */
function cookiesOf({ cookie = [] }: Fields, name: string): readonly string[] {
  return cookie.flatMap((field) => {
    const pairs = field.split(';').map((pair) => pair.trim());
    return pairs.flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []));
  });
}
