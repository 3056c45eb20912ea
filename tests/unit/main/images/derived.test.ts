import { describe, expect, test } from 'vitest';
import type { ImageFact } from '../../../../shared/decision/facts.ts';
import { digestOf, fakeEngine, unreachable } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';
import { listing } from './listing.ts';

const CLI = 'docker.io/library/docker:cli';

async function setUp() {
  const engine = fakeEngine();
  const cli = engine.pulled(CLI, ['base', 'cli']);
  const mine = engine.built('mine:1', ['base', 'cli', 'mine']);
  const parts = await imagesUnderTest(engine);
  return { ...parts, cli, mine, gather: parts.facts.gather };
}

const DERIVED = listing(['docker:cli'], { allowDerived: true });

function parents(fact: ImageFact): readonly string[] | undefined {
  if (fact.kind !== 'present') return [fact.kind];
  return fact.derived?.map(({ parent, entry, verdict }) => `${parent} ${entry.text} ${verdict}`);
}

describe('an image built on a listed one', () => {
  test.each(['docker:cli', 'docker:*', 'dock*:*', `docker@${digestOf(CLI)}`])(
    'is derived by the entry %s',
    async (entry) => {
      const { gather } = await setUp();
      const fact = await gather('mine:1', listing([entry], { allowDerived: true }));
      expect(parents(fact)).toEqual([`${CLI} ${entry} derived`]);
    },
  );

  test('is derived with nothing but settings changed', async () => {
    const { gather, engine } = await setUp();
    engine.built('settings', ['base', 'cli']);
    expect(parents(await gather('settings', DERIVED))).toEqual([`${CLI} docker:cli derived`]);
  });

  test.each([
    ['has only a part of its layers', ['base']],
    ['has its layers in another order', ['cli', 'base', 'mine']],
    ['has its layers above others', ['other', 'base', 'cli']],
    ['has one file of it (COPY --from)', ['other', 'copied']],
    ['was squashed', ['everything']],
    ['has no layers', []],
  ])('is not derived if it %s', async (_what, layers) => {
    const { gather, engine } = await setUp();
    engine.built('other', layers);
    expect(parents(await gather('other', DERIVED))).toEqual([]);
  });

  test('is not derived from an image without layers', async () => {
    const { gather, engine } = await setUp();
    engine.pulled('docker.io/library/empty:1', []);
    expect(parents(await gather('mine:1', listing(['empty:1'], { allowDerived: true })))).toEqual([]);
  });

  test('is not looked at while the image itself is listed and confirmed', async () => {
    const { gather, engine } = await setUp();
    engine.pulled('docker.io/library/listed:1', ['base', 'cli', 'x']);
    expect(
      parents(await gather('listed:1', listing(['listed:1', 'docker:cli'], { allowDerived: true }))),
    ).toBeUndefined();
  });

  test('is judged by the nearest parent that is confirmed', async () => {
    const { gather, engine } = await setUp();
    engine.pulled('docker.io/library/base:1', ['base']);
    const nearer = engine.pulled('docker.io/library/nearer:1', ['base', 'cli', 'mine']);
    const policy = listing(['base:1', 'docker:cli', 'nearer:1'], { allowDerived: true });
    expect(parents(await gather('mine:1', policy))).toEqual(['docker.io/library/nearer:1 nearer:1 derived']);
    engine.registry.set('docker.io/library/nearer:1', digestOf('moved'));
    const again = await imagesUnderTest(engine);
    expect(parents(await again.facts.gather('mine:1', policy))).toEqual([`${CLI} docker:cli derived`]);
    expect(nearer.layers).toHaveLength(3);
  });

  test('is not derived from a parent that is not confirmed', async () => {
    const { gather, engine } = await setUp();
    engine.registry.set(CLI, digestOf('moved'));
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli parent-unconfirmed`]);
    engine.fail(unreachable());
    const offline = await imagesUnderTest(engine);
    expect(parents(await offline.facts.gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli parent-unconfirmed`]);
  });

  test('is not derived from what "*" or a local image ID admits', async () => {
    const { gather, cli } = await setUp();
    const policy = listing(['alpine'], { allowDerived: true, values: { 'lockkeeper.localImages': [cli.id] } });
    expect(parents(await gather('mine:1', policy))).toEqual([]);
  });

  test('is not derived from itself', async () => {
    const { gather, engine, resolver, facts } = await setUp();
    await resolver.resolveAll(DERIVED);
    await facts.takeNote(DERIVED);
    engine.registry.set(CLI, digestOf('moved'));
    await resolver.resolveAll(DERIVED);
    const fact = await gather('docker:cli', DERIVED);
    expect(fact).toMatchObject({ proofs: [{ verdict: 'digest-differs' }], derived: [] });
  });

  test('may have a parent that only its digest names', async () => {
    const { gather, engine, cli } = await setUp();
    engine.images.splice(0, 1, { ...cli, tags: [] });
    const pinned = `docker@${digestOf(CLI)}`;
    const name = `docker.io/library/docker@${digestOf(CLI)}`;
    expect(parents(await gather('mine:1', listing([pinned], { allowDerived: true })))).toEqual([
      `${name} ${pinned} derived`,
    ]);
    expect(parents(await gather('mine:1', listing(['docker:*'], { allowDerived: true })))).toEqual([
      `${name} docker:* derived`,
    ]);
  });
});

describe('an image that a registry has', () => {
  const at = `docker.io/me/mine@${digestOf('pushed')}`;

  test('is not derived, if the registry says so in time', async () => {
    const { gather, engine, mine } = await setUp();
    engine.images.splice(1, 1, { ...mine, repoDigests: [at] });
    engine.registry.set(at, digestOf('pushed'));
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli not-local-only`]);
  });

  test.each(['does not have it', 'is away', 'takes its time'])('is derived, if the registry %s', async (what) => {
    const { gather, engine, mine, resolver } = await setUp();
    await resolver.resolveAll(DERIVED);
    engine.images.splice(1, 1, { ...mine, repoDigests: [at] });
    if (what === 'is away') engine.fail(unreachable());
    if (what === 'takes its time') engine.holdUntil(new Promise(() => undefined));
    const start = performance.now();
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli derived`]);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('while derived images are not allowed', () => {
  test('the parent is named without asking a registry', async () => {
    const { gather, engine } = await setUp();
    expect(parents(await gather('mine:1', listing(['docker:cli'])))).toEqual([`${CLI} docker:cli off`]);
    expect(engine.asked).toEqual([]);
  });

  test('an entry that is not proven tells more', async () => {
    const { gather, engine, mine } = await setUp();
    engine.images.splice(1, 1, { ...mine, tags: ['docker:mine'] });
    const fact = await gather('docker:mine', listing(['docker:*']));
    expect(fact).toMatchObject({ proofs: [{ verdict: 'digest-differs' }] });
    expect(parents(fact)).toBeUndefined();
  });
});

describe('a parent that is gone', () => {
  test('is named when it was noted, as long as it is listed', async () => {
    const { gather, facts, engine, resolver } = await setUp();
    await resolver.resolveAll(DERIVED);
    await facts.takeNote(DERIVED);
    engine.images.splice(0, 1);
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli parent-missing`]);
    expect(parents(await gather('mine:1', listing(['alpine'], { allowDerived: true })))).toEqual([]);
    expect(parents(await gather('mine:1', listing(['docker:cli'])))).toEqual([]);
  });

  test('is not named by what only bore its name', async () => {
    const { gather, facts, engine } = await setUp();
    engine.registry.clear();
    await facts.takeNote(DERIVED);
    engine.images.splice(0, 1);
    expect(parents(await gather('mine:1', DERIVED))).toEqual([]);
  });

  test('is noted when it is used itself', async () => {
    const { gather, engine } = await setUp();
    await gather('docker:cli', DERIVED);
    engine.images.splice(0, 1);
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli parent-missing`]);
  });
});

describe('the work', () => {
  test('is cached by policy, as long as the parent stays confirmed', async () => {
    const { gather, engine, mine, clock, resolver } = await setUp();
    await gather('mine:1', DERIVED);
    const [inspected, asked] = [engine.inspected.length, engine.asked.length];
    await gather('mine:1', DERIVED);
    expect(engine.inspected.slice(inspected)).toEqual(['mine:1']);
    expect(engine.asked).toHaveLength(asked);
    expect(parents(await gather('mine:1', listing(['docker:cli'])))).toEqual([`${CLI} docker:cli off`]);

    engine.registry.set(CLI, digestOf('moved'));
    clock.now += 6 * 3_600_000;
    await resolver.resolveAll(DERIVED);
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli parent-unconfirmed`]);
    expect(mine.layers).toHaveLength(3);
  });

  test('inspects only what an entry may fit, a few at a time, and each image once', async () => {
    const { gather, engine } = await setUp();
    for (let number = 0; number < 300; number += 1) engine.built(`other${number}:1`, ['other']);
    for (let number = 0; number < 50; number += 1) engine.built(`team/app${number}:1`, ['app']);
    let under = 0;
    let most = 0;
    const { image } = engine;
    engine.image = async (name) => {
      most = Math.max(most, ++under);
      await new Promise(setImmediate);
      under -= 1;
      return image(name);
    };
    const policy = listing(['team/*:1'], { allowDerived: true });
    expect(parents(await gather('mine:1', policy))).toEqual([]);
    expect(engine.inspected).toHaveLength(51);
    expect(most).toBe(8);
    engine.built('late', ['base', 'cli', 'mine']);
    expect(parents(await gather('mine:1', policy))).toEqual([]);
    expect(engine.inspected).toHaveLength(52);
    expect(engine.asked).toEqual([]);
  });

  test('has a limit for parents and for registries that are asked', async () => {
    const { gather, engine, mine, resolver } = await setUp();
    engine.images.splice(1, 1, {
      ...mine,
      repoDigests: Array.from({ length: 50 }, (_, number) => `me/app${number}@${digestOf('pushed')}`),
    });
    await resolver.resolveAll(DERIVED);
    const known = engine.asked.length;
    await gather('mine:1', DERIVED);
    expect(engine.asked).toHaveLength(known + 8);

    for (let number = 0; number < 50; number += 1) engine.pulled(`docker.io/team/app${number}:1`, ['base']);
    engine.registry.clear();
    const asked = engine.asked.length;
    await gather('mine:1', listing(['team/*:1'], { allowDerived: true }));
    expect(engine.asked).toHaveLength(asked + 8);
  });

  test('has a limit for images without a name', async () => {
    const { gather, engine } = await setUp();
    for (let number = 0; number < 500; number += 1) {
      engine.images.push({
        id: digestOf(`${number}`),
        tags: ['<none>:<none>'],
        repoDigests: [],
        layers: [digestOf('x')],
      });
    }
    await gather('mine:1', listing(['docker:cli'], { allowDerived: true }));
    expect(engine.inspected).toHaveLength(2);
    await gather('mine:1', listing(['alpine:*'], { allowDerived: true }));
    // The parent that was known before is looked at once more.
    expect(engine.inspected).toHaveLength(104);
  });

  test('lists no images where a parent that was seen before is still one', async () => {
    const { gather, engine, cli, facts } = await setUp();
    await facts.takeNote(DERIVED);
    let lists = 0;
    const { taggedImages } = engine;
    engine.taggedImages = () => {
      lists += 1;
      return taggedImages();
    };
    expect(parents(await gather('mine:1', DERIVED))).toEqual([`${CLI} docker:cli derived`]);
    expect(lists).toBe(0);
    // Without the parent, or under another name, it is no parent any more, and the list is asked for another one.
    const again = listing(['docker:cli', 'alpine'], { allowDerived: true });
    engine.images.splice(0, 1, { ...cli, tags: ['elsewhere:1'], repoDigests: [] });
    expect(parents(await gather('mine:1', again))).toEqual([`${CLI} docker:cli parent-missing`]);
    engine.images.splice(0, 1);
    expect(parents(await gather('mine:1', again))).toEqual([`${CLI} docker:cli parent-missing`]);
    expect(lists).toBe(2);
  });
});
