import { describe, expect, test, vi } from 'vitest';
import { digestOf, unreachable } from './fake-engine.ts';
import { listing } from './listing.ts';
import { CLI, HOUR, NAME, NEW, OLD, OTHER, SECOND, setUp, TERMS, YEAR } from './resolver-under-test.ts';

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
