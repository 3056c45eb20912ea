import { describe, expect, test, vi } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import { digestOf, fakeEngine, unreachable } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';
import { listing } from './listing.ts';

const CLI = { registry: 'docker.io', path: 'library/docker' };
const NAME = 'docker.io/library/docker:cli';
const [OLD, NEW, OTHER] = [digestOf('old'), digestOf('new'), digestOf('other')];
const TERMS = {
  'lockkeeper.offlineGraceHours': 72,
  'lockkeeper.previousDigestGraceHours': 0,
  'lockkeeper.resolveEveryMinutes': 360,
};
const HOUR = 3_600_000;
/** In hours. */
const YEAR = 365 * 24;
const SECOND = 1000;

async function setUp(registry: Record<string, string> = { [NAME]: OLD }) {
  const engine = fakeEngine();
  for (const [reference, digest] of Object.entries(registry)) engine.registry.set(reference, digest);
  const parts = await imagesUnderTest(engine);
  const tag = (digests: readonly string[], terms = TERMS) => parts.resolver.tag(CLI, 'cli', digests, terms);
  return { ...parts, tag };
}

describe('the digest of a tag', () => {
  test('is asked for once and then known', async () => {
    const { tag, engine } = await setUp();
    expect(await tag([OTHER, OLD])).toEqual({
      kind: 'confirmed',
      digest: OLD,
      detail: 'confirmed 2026-01-01T00:00:00Z',
    });
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked).toEqual([NAME]);
  });

  test('is asked for anew when an image does not match, at most once in 2 minutes', async () => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    engine.registry.set(NAME, NEW);
    clock.now += 121 * SECOND;
    expect(await tag([NEW])).toMatchObject({ kind: 'confirmed', digest: NEW });
    engine.registry.set(NAME, OTHER);
    clock.now += 119 * SECOND;
    expect(await tag([OTHER])).toMatchObject({ kind: 'differs', registryDigest: NEW });
    expect(engine.asked).toHaveLength(2);
    clock.now += SECOND;
    expect(await tag([OTHER])).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked).toHaveLength(3);
  });

  test('is asked for at the first miss even if the schedule has just asked', async () => {
    const { tag, engine, resolver } = await setUp();
    await resolver.resolveAll(listing(['docker:cli']));
    engine.registry.set(NAME, NEW);
    expect(await tag([NEW])).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked).toHaveLength(2);
  });

  test('is one question for all who ask at the same time', async () => {
    const { tag, engine } = await setUp();
    const answers = await Promise.all(Array.from({ length: 50 }, () => tag([OTHER])));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['differs']));
    expect(engine.asked).toHaveLength(1);
  });

  test('needs no question for an image that no registry can have', async () => {
    const { tag, engine, resolver } = await setUp();
    expect(await tag([])).toEqual({ kind: 'differs', detail: 'no registry has ever had it under its present content' });
    await resolver.resolveAll(listing(['docker:cli']));
    expect(await tag([])).toMatchObject({ kind: 'differs', registryDigest: OLD });
    expect(engine.asked).toHaveLength(1);
  });

  test('that is gone from the registry counts no more', async () => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    engine.registry.clear();
    expect(await tag([OTHER])).toMatchObject({ kind: 'differs', registryDigest: OLD });
    clock.now += 121 * SECOND;
    const detail = 'docker.io does not have the tag cli in library/docker';
    expect(await tag([OTHER])).toEqual({ kind: 'differs', detail });
    expect(await tag([OLD])).toEqual({ kind: 'differs', detail });
  });

  test('that comes in time leaves no timer behind', async () => {
    vi.useFakeTimers();
    try {
      const { tag } = await setUp();
      expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test('is not waited for longer than 10 s, and its answer still counts', async () => {
    vi.useFakeTimers();
    try {
      const { tag, engine, ledger } = await setUp();
      let release = () => {};
      engine.holdUntil(new Promise((resolve) => (release = resolve)));
      const waiting = tag([OLD]);
      await vi.advanceTimersByTimeAsync(10_000);
      const detail = 'docker.io gave no answer in time (it has had 10 s)';
      expect(await waiting).toMatchObject({ kind: 'unknown', detail, trouble: 'silent' });
      release();
      await vi.advanceTimersByTimeAsync(1);
      expect(ledger.tag(NAME)?.digest).toBe(OLD);
      expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
      expect(engine.asked).toHaveLength(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a digest whose tag has moved', () => {
  const terms = { ...TERMS, 'lockkeeper.previousDigestGraceHours': 24 };

  async function moved() {
    const parts = await setUp();
    await parts.tag([OLD]);
    parts.engine.registry.set(NAME, NEW);
    parts.clock.now += HOUR;
    await parts.resolver.resolveAll(listing(['docker:cli']));
    return parts;
  }

  test('counts for the grace from when that was found out, to the hour, and is known without asking', async () => {
    const { tag, engine, clock, resolver } = await moved();
    const questions = engine.asked.length;
    const detail = `it was the digest of ${NAME} until 2026-01-01T01:00:00Z, and still counts until 2026-01-02T01:00:00Z`;
    const until = Date.parse('2026-01-02T01:00:00Z');
    expect(await tag([OLD], terms)).toEqual({ kind: 'confirmed', digest: OLD, detail, until });
    expect(resolver.knownTag(CLI, 'cli', [OLD], terms)).toMatchObject({ until });
    expect(engine.asked).toHaveLength(questions);
    clock.now += 24 * HOUR - 1;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'confirmed' });
    clock.now += 1;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'differs', registryDigest: NEW });
  });

  test('counts also when the check itself finds that out', async () => {
    const { tag, engine, clock } = await setUp();
    await tag([OLD]);
    engine.registry.set(NAME, NEW);
    clock.now += HOUR;
    // Somebody with the new image asks, and then somebody with the old one.
    expect(await tag([NEW], terms)).toMatchObject({ kind: 'confirmed', digest: NEW });
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'confirmed', digest: OLD });
  });

  test('counts no longer than its tag is there', async () => {
    const { tag, engine, clock, resolver } = await moved();
    engine.registry.clear();
    clock.now += HOUR;
    await resolver.resolveAll(listing(['docker:cli']));
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'differs' });
  });

  test('does not count where the policy does not say so, nor one that was never confirmed', async () => {
    const { tag } = await moved();
    const since = Date.parse('2026-01-01T01:00:00Z');
    expect(await tag([OLD])).toMatchObject({ kind: 'differs', registryDigest: NEW, since });
    expect(await tag([OTHER], terms)).toMatchObject({ kind: 'differs', registryDigest: NEW, since });
  });

  test.each([1, 25, 10 * YEAR])('does not count for longer when the clock is set back by %i h', async (hours) => {
    const { tag, clock } = await moved();
    clock.jumped = -hours * HOUR;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'differs' });
  });

  test('does not count for longer when the clock is set back to where it still would', async () => {
    const { tag, clock } = await moved();
    clock.now += 23 * HOUR;
    clock.jumped = -22 * HOUR;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'confirmed' });
    clock.now += HOUR;
    expect(await tag([OLD], terms)).toMatchObject({ kind: 'differs' });
  });
});

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

describe('whether a repository has a digest', () => {
  const at = (digest: string) => `docker.io/library/docker@${digest}`;

  test('is asked by digest, once for good', async () => {
    const { resolver, engine, clock } = await setUp({ [at(OLD)]: OLD });
    expect(await resolver.holds(CLI, [NEW, OLD])).toMatchObject({ kind: 'confirmed', digest: OLD });
    expect(engine.asked).toEqual([at(NEW), at(OLD)]);
    engine.fail(unreachable());
    clock.now += 10_000 * HOUR;
    expect(await resolver.holds(CLI, [OLD])).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked).toHaveLength(2);
  });

  test('is a no when it has none of them, asked again after 2 minutes', async () => {
    const { resolver, engine, clock } = await setUp({});
    const detail = 'docker.io does not have an image with this digest in library/docker';
    expect(await resolver.holds(CLI, [OLD])).toEqual({ kind: 'differs', detail });
    expect(await resolver.holds(CLI, [OLD])).toEqual({ kind: 'differs', detail });
    expect(engine.asked).toHaveLength(1);
    clock.now += 120 * SECOND;
    await resolver.holds(CLI, [OLD]);
    expect(engine.asked).toHaveLength(2);
  });

  test('is not asked for an image without digests, nor for more than 8', async () => {
    const { resolver, engine } = await setUp({});
    expect(await resolver.holds(CLI, [])).toMatchObject({ kind: 'differs' });
    expect(engine.asked).toEqual([]);
    await resolver.holds(
      CLI,
      Array.from({ length: 100 }, (_, number) => digestOf(`${number}`)),
    );
    expect(engine.asked).toHaveLength(8);
  });

  test('is unknown while it cannot be asked', async () => {
    const { resolver, engine } = await setUp({});
    engine.fail(unreachable());
    expect(await resolver.holds(CLI, [OLD])).toMatchObject({ kind: 'unknown' });
  });

  test('within a time is a no if it takes longer', async () => {
    const { resolver, engine } = await setUp({ [at(OLD)]: OLD });
    let release = () => {};
    engine.holdUntil(new Promise((resolve) => (release = resolve)));
    expect(await resolver.heldWithin(CLI, OLD, 5)).toBe(false);
    release();
    expect(await resolver.heldWithin(CLI, OLD, 1000)).toBe(true);
    expect(engine.asked).toHaveLength(1);
  });
});

describe('resolving all', () => {
  test('asks for each listed tag once, for nothing else', async () => {
    const { resolver, engine } = await setUp();
    const list = [
      'docker:cli',
      'docker.io/docker:cli',
      'alpine:*',
      `alpine@${OLD}`,
      'testcontainers/*:1',
      'ghcr.io/a/b',
    ];
    await resolver.resolveAll(listing(list));
    expect(engine.asked).toEqual([NAME, 'ghcr.io/a/b:latest']);
  });

  test('asks for nothing that is not checked', async () => {
    const { resolver, engine } = await setUp();
    await resolver.resolveAll(listing(['*', 'docker:cli']));
    await resolver.resolveAll(listing(['docker:cli'], { values: { 'enhancedContainerIsolation.value': false } }));
    expect(engine.asked).toEqual([]);
  });

  test('asks each time it is time to, and once for two that come together', async () => {
    const { resolver, engine, tag } = await setUp();
    await Promise.all([resolver.resolveAll(listing(['docker:cli'])), resolver.resolveAll(listing(['docker:cli']))]);
    expect(engine.asked).toEqual([NAME]);
    engine.registry.set(NAME, NEW);
    await resolver.resolveAll(listing(['docker:cli', 'alpine']));
    expect(engine.asked).toEqual([NAME, NAME, 'docker.io/library/alpine:latest']);
    expect(await tag([OLD])).toMatchObject({ kind: 'differs', registryDigest: NEW });
  });

  test('says whether all is answered, and asks for what is not, if that is wanted', async () => {
    const { resolver, engine, clock } = await setUp();
    const policy = listing(['docker:cli', 'ghcr.io/a/b']);
    engine.fail(unreachable());
    expect(await resolver.resolveAll(policy)).toBe(false);
    engine.fail(undefined);
    clock.now += 250;
    // That it is not there is an answer.
    expect(await resolver.resolveAll(listing(['ghcr.io/a/b']))).toBe(true);
    engine.asked.splice(0);
    expect(await resolver.resolveAll(policy, 'missed')).toBe(true);
    expect(engine.asked).toEqual([NAME]);
    expect(await resolver.resolveAll(policy, 'missed')).toBe(true);
    expect(engine.asked).toEqual([NAME]);
  });

  test('asks a few at a time, and lets a check go first', async () => {
    const { resolver, engine, tag } = await setUp();
    let release = () => {};
    engine.holdUntil(new Promise((resolve) => (release = resolve)));
    const all = resolver.resolveAll(listing(Array.from({ length: 20 }, (_, number) => `app${number}:1`)));
    const waiting = tag([OLD]);
    await new Promise(setImmediate);
    expect(engine.asked).toHaveLength(4);
    release();
    await Promise.all([all, waiting]);
    expect(engine.asked[4]).toBe(NAME);
    expect(engine.asked).toHaveLength(21);
  });

  test('does not keep a check waiting that came after its own question', async () => {
    const { resolver, engine, tag } = await setUp();
    let release = () => {};
    engine.holdUntil(
      new Promise((resolve) => {
        release = resolve;
      }),
    );
    const list = Array.from({ length: 20 }, (_, number) => `app${number}:1`);
    const all = resolver.resolveAll(listing([...list, 'docker:cli']));
    const waiting = tag([OLD]);
    release();
    await Promise.all([all, waiting]);
    expect(engine.asked[4]).toBe(NAME);
    expect(engine.asked).toHaveLength(21);
  });

  test('lets no registry that is slow keep another waiting', async () => {
    const { resolver, engine, tag } = await setUp();
    let release = () => {};
    engine.holdUntil(new Promise((resolve) => (release = resolve)), 'slow.io/');
    const all = resolver.resolveAll(listing(Array.from({ length: 20 }, (_, number) => `slow.io/app${number}:1`)));
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
    expect(engine.asked.filter((name) => name.startsWith('slow.io/'))).toHaveLength(4);
    release();
    await all;
    expect(engine.asked.filter((name) => name.startsWith('slow.io/'))).toHaveLength(20);
  });

  test('names that only local images have take up no more than their share', async () => {
    const { resolver, engine, tag } = await setUp();
    let release = () => {};
    engine.holdUntil(new Promise((resolve) => (release = resolve)), 'made-up');
    const asked = Array.from({ length: 100 }, (_, number) =>
      resolver.heldWithin({ registry: `made-up${number}.io`, path: 'a' }, OLD, 5),
    );
    expect(await Promise.all(asked)).not.toContain(true);
    expect(engine.asked).toHaveLength(16);
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
    release();
  });

  test('one failure of many questions under way together is one failure', async () => {
    const { resolver, engine, clock, tag } = await setUp();
    engine.fail(unreachable());
    await resolver.resolveAll(listing(Array.from({ length: 20 }, (_, number) => `app${number}:1`)));
    engine.fail(undefined);
    clock.now += 250;
    expect(await tag([OLD])).toMatchObject({ kind: 'confirmed' });
  });
});

describe('an order', () => {
  test('asks past what was answered a moment ago, and what it learns decides from then on', async () => {
    const { resolver, engine, tag } = await setUp();
    await tag([OTHER]);
    engine.registry.set(NAME, NEW);
    expect(await tag([NEW])).toMatchObject({ kind: 'differs', registryDigest: OLD });
    expect(await resolver.askNow(CLI, ':cli')).toEqual({ kind: 'digest', digest: NEW });
    expect(await tag([NEW])).toMatchObject({ kind: 'confirmed' });
  });

  test('asks past a rest after failures, but leaves a registry alone that wants to be', async () => {
    const { resolver, engine } = await setUp();
    engine.fail(unreachable());
    expect(await resolver.askNow(CLI, ':cli')).toMatchObject({ kind: 'away' });
    engine.fail(undefined);
    expect(await resolver.askNow(CLI, ':cli')).toMatchObject({ kind: 'digest' });
    engine.fail(new EngineError(429, 'toomanyrequests'));
    await resolver.askNow(CLI, ':cli');
    engine.fail(undefined);
    expect(await resolver.askNow(CLI, ':cli')).toMatchObject({ kind: 'limited' });
    expect(engine.asked).toHaveLength(3);
  });

  test('that came too early is no answer for good', async () => {
    const { resolver, engine, clock } = await setUp();
    engine.fail(new EngineError(429, 'toomanyrequests'));
    await resolver.askNow(CLI, ':cli');
    engine.fail(undefined);
    expect(await resolver.askNow(CLI, ':cli')).toMatchObject({ kind: 'limited' });
    clock.now += 60 * SECOND;
    expect(await resolver.askNow(CLI, ':cli')).toMatchObject({ kind: 'digest' });
  });

  test('joins a question that is under way', async () => {
    const { resolver, engine } = await setUp();
    const answers = await Promise.all([resolver.freshen(CLI, ':cli'), resolver.askNow(CLI, ':cli')]);
    expect(answers[1]).toMatchObject({ kind: 'digest' });
    expect(engine.asked).toHaveLength(1);
  });
});

describe('the standing of a question', () => {
  test('has what is kept, how the last attempt went, and since when they fail; and tells of each', async () => {
    const { resolver, engine, clock } = await setUp();
    let told = 0;
    const end = resolver.onAnswer(() => {
      told += 1;
    });
    expect(resolver.standing(CLI, ':cli')).toEqual({});
    await resolver.freshen(CLI, ':cli');
    const first = clock.now;
    expect(resolver.standing(CLI, ':cli')).toMatchObject({ digest: OLD, confirmedAt: first });
    engine.fail(unreachable());
    for (let hour = 0; hour < 3; hour += 1) {
      clock.now += HOUR;
      await resolver.askNow(CLI, ':cli');
    }
    expect(resolver.standing(CLI, ':cli')).toMatchObject({
      digest: OLD,
      confirmedAt: first,
      last: { answer: { kind: 'away' }, failingSince: first + HOUR },
    });
    end();
    engine.fail(undefined);
    await resolver.askNow(CLI, ':cli');
    expect(resolver.standing(CLI, ':cli').last).toEqual({ answer: { kind: 'digest', digest: OLD } });
    expect(told).toBe(4);
  });
});

describe('the journal', () => {
  test('hears news, not repetitions', async () => {
    const { resolver, engine, clock, events } = await setUp();
    const policy = listing(['docker:cli']);
    const round = async () => {
      clock.now += 6 * HOUR;
      await resolver.resolveAll(policy);
      const news = events
        .splice(0)
        .map((event) => (event.type === 'lifecycle' ? `${event.what} ${event.detail}` : event.type));
      return news.join();
    };
    expect(await round()).toBe(`digest-resolved ${NAME}: the registry has ${OLD}`);
    expect(await round()).toBe('');
    engine.registry.set(NAME, NEW);
    expect(await round()).toBe(`digest-resolved ${NAME}: the registry has ${NEW} (it was ${OLD})`);
    engine.fail(unreachable());
    expect(await round()).toMatch(
      /^digest-unresolved docker\.io\/library\/docker:cli: docker\.io could not be reached/,
    );
    expect(await round()).toBe('');
    engine.fail(undefined);
    expect(await round()).toBe(`digest-resolved ${NAME}: the registry has ${NEW}`);
    engine.registry.clear();
    expect(await round()).toMatch(/does not have the tag cli/);
  });

  test('hears nothing of images that are nobody else’s business', async () => {
    const { resolver, engine, events } = await setUp();
    await resolver.holds(CLI, [OTHER]);
    engine.fail(unreachable());
    await resolver.heldWithin({ registry: 'docker.io', path: 'me/mine' }, OTHER, 1000);
    expect(events).toEqual([]);
  });
});

test('thousands of different questions do not pile up', async () => {
  const { resolver, engine } = await setUp({});
  for (let number = 0; number < 3000; number += 1) await resolver.holds(CLI, [digestOf(`${number}`)]);
  // The newest are still remembered, the oldest are asked anew.
  await resolver.holds(CLI, [digestOf('2999')]);
  expect(engine.asked).toHaveLength(3000);
  await resolver.holds(CLI, [digestOf('0')]);
  expect(engine.asked).toHaveLength(3001);
});
