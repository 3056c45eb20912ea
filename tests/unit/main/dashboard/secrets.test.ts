import { describe, expect, it } from 'vitest';
import { createAllowance } from '../../../../main/control/allowance.ts';
import { createSecrets } from '../../../../main/dashboard/secrets.ts';

describe('secrets', () => {
  it('hold until they are spent, each for itself', () => {
    const secrets = createSecrets({ most: 4 });
    const [first, second] = [secrets.issue(), secrets.issue()];
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(second).not.toBe(first);
    expect(secrets.holds(first)).toBe(true);
    expect(secrets.spend(first)).toBe(true);
    expect(secrets.holds(first)).toBe(false);
    expect(secrets.spend(first)).toBe(false);
    expect(secrets.holds(second)).toBe(true);
  });

  it('are exact', () => {
    const secrets = createSecrets({ most: 4 });
    expect(secrets.holds('')).toBe(false);
    const secret = secrets.issue();
    for (const near of ['', secret.slice(1), `${secret}A`, ` ${secret}`, secret.toLowerCase(), 'x'.repeat(10_000)]) {
      expect(secrets.holds(near)).toBe(false);
      expect(secrets.spend(near)).toBe(false);
    }
    expect(secrets.holds(secret)).toBe(true);
  });

  it('end with their time', () => {
    let now = 0;
    const secrets = createSecrets({ most: 4, lifetimeMs: 100, now: () => now });
    const secret = secrets.issue();
    now = 99;
    expect(secrets.holds(secret)).toBe(true);
    now = 100;
    expect(secrets.holds(secret)).toBe(false);
    expect(secrets.spend(secret)).toBe(false);
  });

  it('are so many at most, and the oldest goes first', () => {
    const secrets = createSecrets({ most: 2 });
    const issued = [secrets.issue(), secrets.issue(), secrets.issue()];
    expect(issued.map(secrets.holds)).toEqual([false, true, true]);
  });
});

describe('an allowance', () => {
  it('is used up at once, and comes back with time', () => {
    let now = 0;
    const allowed = createAllowance({ burst: 3, perSecond: 2, now: () => now });
    const tries = (times: number) => Array.from({ length: times }, allowed);
    expect(tries(4)).toEqual([true, true, true, false]);
    now = 499;
    expect(tries(1)).toEqual([false]);
    now = 500;
    expect(tries(2)).toEqual([true, false]);
    now = 60_000;
    expect(tries(4)).toEqual([true, true, true, false]);
  });
});
