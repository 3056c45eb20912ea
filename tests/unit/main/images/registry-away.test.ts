import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import { fakeEngine, unreachable } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';
import { listing } from './listing.ts';
import { CLI, HOUR, NEW, OLD, SECOND, setUp, TERMS, YEAR } from './resolver-under-test.ts';

describe('while the registry is away', () => {
  test('what was confirmed counts for the grace, to the hour', async () => {
    const { tag, engine, clock, resolver } = await setUp();
    await tag([OLD]);
    engine.fail(unreachable());
    clock.now += 6 * HOUR;
    await resolver.resolveAll(listing(['docker:cli']));
    clock.now += 66 * HOUR;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
    clock.now += 1;
    const refused = await tag([OLD]);
    expect(refused).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('could not be reached') });
    expect(refused).toMatchObject({ detail: expect.stringContaining('older than 72 h') });
    engine.fail(undefined);
    clock.now += 60 * SECOND;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('a grace of 0 ends with the first failure, not before', async () => {
    const { tag, engine, clock, resolver } = await setUp();
    const terms = { ...TERMS, 'lockkeeper.offlineGraceHours': 0 };
    await tag([OLD], terms);
    clock.now += HOUR;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked).toHaveLength(1);
    engine.fail(unreachable());
    await resolver.resolveAll(listing(['docker:cli']));
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'unknown' });
  });

  test('what differs from the last answer differs, without the promise that a pull would help', async () => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    engine.fail(unreachable());
    clock.now += HOUR;
    const detail = expect.stringMatching(
      /^sha256:\w+ was the digest of docker\.io\/library\/docker:cli 2026-.*could not be reached/,
    );
    expect(await tag([NEW])).toEqual({ kind: 'differs', detail });
  });

  test('what was never confirmed is not', async () => {
    const { tag, engine } = await setUp();
    engine.fail(unreachable());
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown', detail: expect.stringContaining('no such host') });
  });

  test.each([1, 100, 10 * YEAR])('a clock that was set back by %i h makes nothing new', async (hours) => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    engine.fail(unreachable());
    clock.now += 121 * SECOND;
    clock.jumped = -hours * HOUR;
    const detail = expect.stringContaining('its last answer is of a time to come, by a clock that was wrong');
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown', detail });
    engine.fail(undefined);
    clock.now += 60 * SECOND;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('a clock that was set ahead lets nothing count, and set right again what was confirmed since', async () => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    clock.jumped = 10 * YEAR * HOUR;
    clock.now += 121 * SECOND;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed', detail: expect.stringContaining('confirmed 2035') });
    engine.fail(unreachable());
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
    clock.now += 121 * SECOND;
    clock.jumped = 0;
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown' });
  });

  test('what a run under a clock that was ahead has confirmed does not count after it', async () => {
    const { tag, clock, ledger, folder } = await setUp();
    clock.jumped = HOUR;
    await tag([OLD]);
    await ledger.flush();
    const engine = fakeEngine();
    engine.fail(unreachable());
    const { resolver } = await imagesUnderTest(engine, folder);
    expect(await resolver.tag(CLI, 'cli', [OLD], TERMS)).toMatchObject({ kind: 'unknown' });
  });

  test('a clock that jumps moves no question to a registry', async () => {
    const { tag, engine, clock } = await setUp();
    engine.fail(unreachable());
    await tag([OLD]);
    for (const jumped of [-10 * YEAR * HOUR, 10 * YEAR * HOUR]) {
      clock.jumped = jumped;
      await tag([OLD]);
    }
    expect(engine.asked).toHaveLength(1);
    clock.now += SECOND;
    await tag([OLD]);
    expect(engine.asked).toHaveLength(2);
  });

  test.each([
    ['is away', unreachable(), [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]],
    [
      'is out of order',
      new EngineError(500, 'received unexpected HTTP status: 503 Service Unavailable'),
      [5, 10, 20, 40, 80, 160, 320, 600, 600],
    ],
    ['limits us', new EngineError(429, 'toomanyrequests'), [60, 120, 240, 480, 960, 1800, 1800]],
  ])('a host that %s is left alone for longer and longer', async (_what, error, rests) => {
    const { tag, engine, clock } = await setUp();
    engine.fail(error);
    await tag([OLD]);
    for (const [failures, rest] of rests.entries()) {
      clock.now += rest * SECOND - 1;
      const left = await tag([OLD]);
      expect(left).toMatchObject({ kind: 'unknown', detail: expect.stringContaining(', and is asked again in 1 s') });
      expect(engine.asked).toHaveLength(failures + 1);
      clock.now += 1;
      await tag([OLD]);
      expect(engine.asked).toHaveLength(failures + 2);
    }
    engine.fail(undefined);
    clock.now += 1800 * SECOND;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('other registries are asked all the same', async () => {
    const { tag, engine, resolver } = await setUp();
    engine.fail(new EngineError(429, 'toomanyrequests'));
    await tag([OLD]);
    engine.fail(undefined);
    engine.registry.set('ghcr.io/a/b:1', NEW);
    const other = { registry: 'ghcr.io', path: 'a/b' };
    expect(await resolver.tag(other, '1', [NEW], TERMS)).toMatchObject({ kind: 'confirmed' });
    expect(await resolver.holds(CLI, [NEW])).toMatchObject({
      kind: 'unknown',
      detail: expect.stringContaining('no more questions'),
    });
  });

  test('a network that swallows packets costs its time once', async () => {
    const { tag, engine, clock } = await setUp();
    engine.fail(unreachable());
    const swallowed = async () => {
      clock.now += 8 * SECOND;
    };
    engine.holdUntil(Promise.resolve().then(swallowed));
    await tag([OLD]);
    clock.now += 7 * SECOND;
    await tag([OLD]);
    expect(engine.asked).toHaveLength(1);
  });

  test('waits are longer by chance, by half at most, and never shorter', async () => {
    const { tag, engine, clock } = await setUp();
    clock.chance = 0.5;
    engine.fail(new EngineError(429, 'toomanyrequests'));
    await tag([OLD]);
    clock.now += 75 * SECOND - 1;
    await tag([OLD]);
    expect(engine.asked).toHaveLength(1);
    clock.now += 1;
    await tag([OLD]);
    expect(engine.asked).toHaveLength(2);
  });

  test.each([
    ['a wait that the registry has asked for', 'toomanyrequests: retry-after: 10m0s', 600],
    ['a second, where it has asked for less', 'toomanyrequests: retry-after: 985.86µs, allowed: 44000/minute', 1],
    ['an hour, where it has asked for more', 'toomanyrequests: retry-after: 400h', 3600],
  ])('%s is kept', async (_what, message, seconds) => {
    const { tag, engine, clock } = await setUp();
    engine.fail(new EngineError(429, message));
    await tag([OLD]);
    engine.fail(undefined);
    clock.now += seconds * SECOND - 1;
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown', trouble: 'rate-limited' });
    clock.now += 1;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('hours without a network are no reason to leave a registry alone for long that is busy once', async () => {
    const { tag, engine, clock } = await setUp();
    engine.fail(unreachable());
    for (let hour = 0; hour < 10; hour += 1) {
      await tag([OLD]);
      clock.now += HOUR;
    }
    engine.fail(new EngineError(429, 'toomanyrequests'));
    await tag([OLD]);
    engine.fail(undefined);
    clock.now += 60 * SECOND;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('an engine that is away is no fault of the registry, which is asked as soon as it is back', async () => {
    const { tag, engine } = await setUp();
    engine.fail(new EngineError(undefined, 'connect ECONNREFUSED /run/docker.sock'));
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown', trouble: 'engine-away' });
    engine.fail(undefined);
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });

  test('missing credentials are looked for again after 5 s', async () => {
    const { tag, engine, clock } = await setUp();
    engine.fail(new EngineError(401, 'unauthorized: authentication required'));
    expect(await tag([OLD])).toMatchObject({
      kind: 'unknown',
      trouble: 'login-missing',
      cure: 'run: docker login docker.io',
    });
    engine.fail(undefined);
    clock.now += 4999;
    expect(await tag([OLD])).toMatchObject({ kind: 'unknown' });
    clock.now += 1;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });
});
