import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface SecretsOptions {
  /** Secrets that hold at once: one more ends the oldest. */
  readonly most: number;
  readonly lifetimeMs?: number;
  /** Milliseconds of a clock that is never set back. */
  readonly now?: () => number;
}

/** Random secrets of 256 bits that were handed out. Only their digests are kept. */
export interface Secrets {
  issue(): string;
  holds(candidate: string): boolean;
  /** Whether it held; it never does again. */
  spend(candidate: string): boolean;
}

interface Issued {
  readonly digest: Buffer;
  readonly until: number;
}

/** No secrets yet. */
export function createSecrets({ most, lifetimeMs = Infinity, now = () => performance.now() }: SecretsOptions): Secrets {
  let issued: readonly Issued[] = [];

  function find(candidate: string): Issued | undefined {
    const digest = digestOf(candidate);
    const time = now();
    let found: Issued | undefined;
    // All are compared, each in constant time: how long it takes says nothing about which one came close.
    for (const one of issued) {
      if (timingSafeEqual(one.digest, digest) && time < one.until) found = one;
    }
    return found;
  }

  return {
    issue() {
      const secret = randomBytes(32).toString('base64url');
      issued = [...issued, { digest: digestOf(secret), until: now() + lifetimeMs }].slice(-most);
      return secret;
    },
    holds: (candidate) => find(candidate) !== undefined,
    spend(candidate) {
      const found = find(candidate);
      issued = issued.filter((one) => one !== found);
      return found !== undefined;
    },
  };
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
