import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import { unreachable } from './fake-engine.ts';
import { listing } from './listing.ts';
import { CLI, NAME, NEW, OLD, OTHER, SECOND, setUp } from './resolver-under-test.ts';

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
