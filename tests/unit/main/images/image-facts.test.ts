import { describe, expect, test } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import type { ImageFact } from '../../../../shared/decision/facts.ts';
import { digestOf, fakeEngine, unreachable } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';
import { listing } from './listing.ts';

const CLI = 'docker.io/library/docker:cli';

async function setUp() {
  const engine = fakeEngine();
  const cli = engine.pulled(CLI, ['base', 'cli']);
  const parts = await imagesUnderTest(engine);
  return { ...parts, cli, gather: parts.facts.gather };
}

function verdicts(fact: ImageFact): readonly string[] {
  return fact.kind === 'present' ? fact.proofs.map(({ entry, verdict }) => `${entry.text} ${verdict}`) : [fact.kind];
}

describe('what is gathered about an image', () => {
  test('names it canonically, with its digests and why an entry holds', async () => {
    const { gather, cli } = await setUp();
    expect(await gather('docker:cli', listing(['docker:cli']))).toEqual({
      kind: 'present',
      name: CLI,
      id: cli.id,
      digests: [digestOf(CLI)],
      proofs: [
        {
          entry: expect.objectContaining({ text: 'docker:cli' }),
          verdict: 'confirmed',
          registryDigest: digestOf(CLI),
          detail: 'confirmed 2026-01-01T00:00:00Z',
        },
      ],
    });
  });

  test('names it by its ID when it is named so, whole or in part', async () => {
    const { gather, cli } = await setUp();
    for (const name of [cli.id, cli.id.slice(7, 19)]) {
      const fact = await gather(name, listing(['docker:cli']));
      expect(fact).toMatchObject({ name: cli.id, proofs: [{ verdict: 'confirmed' }] });
    }
  });

  test('a hexadecimal name that is a tag is a name', async () => {
    const { gather, engine } = await setUp();
    const image = engine.pulled('docker.io/library/cafe:latest', ['x']);
    const named = { ...image, id: `sha256:cafe${image.id.slice(11)}`, tags: ['cafe:latest', 'cafe'] };
    engine.images[engine.images.indexOf(image)] = named;
    expect(await gather('cafe', listing(['cafe']))).toMatchObject({ name: 'docker.io/library/cafe:latest' });
  });

  test('an absent image is said in the words of the engine, an absent container image is not absent', async () => {
    const { gather } = await setUp();
    const policy = listing(['docker:cli']);
    expect(await gather('nosuch', policy)).toEqual({ kind: 'absent', message: 'No such image: nosuch:latest' });
    expect(await gather('nosuch', policy, { imageId: digestOf('gone') })).toEqual({
      kind: 'unverifiable',
      name: 'docker.io/library/nosuch:latest',
      why: `its image ${digestOf('gone')} is not there any more`,
    });
  });

  test('an empty name never reaches the engine', async () => {
    const { gather, engine } = await setUp();
    expect(await gather('', listing(['docker:cli']))).toMatchObject({ kind: 'unverifiable', why: 'no image is named' });
    expect(engine.inspected).toEqual([]);
  });

  test('what the engine refuses is told, that it is away is thrown', async () => {
    const { gather, engine } = await setUp();
    engine.image = () => Promise.reject(new EngineError(400, 'invalid reference format'));
    expect(await gather('a b', listing([]))).toMatchObject({
      kind: 'unverifiable',
      why: 'the engine says: invalid reference format',
    });
    engine.image = () => Promise.reject(new EngineError(undefined, 'connect ENOENT'));
    await expect(gather('docker:cli', listing([]))).rejects.toThrow('connect ENOENT');
    engine.image = () => Promise.reject(new EngineError(500, 'out of order'));
    await expect(gather('docker:cli', listing([]))).rejects.toThrow('out of order');
  });

  test('"*" and local images need no registry', async () => {
    const { gather, engine, cli } = await setUp();
    await gather('docker:cli', listing(['*', 'docker:cli']));
    await gather('docker:cli', listing(['docker:cli'], { values: { 'lockkeeper.localImages': [cli.id] } }));
    await gather('docker:cli', listing(['alpine']));
    await gather('docker:cli', listing([], { allowDerived: true }));
    expect(engine.asked).toEqual([]);
  });
});

describe('an entry is proven', () => {
  test('for the image of a container by its ID, under the name it was given', async () => {
    const { gather, engine, cli } = await setUp();
    engine.built('other', ['x']);
    const fact = await gather('docker:cli', listing(['docker:cli']), { imageId: cli.id });
    expect(fact).toMatchObject({ id: cli.id, proofs: [{ verdict: 'confirmed' }] });
    expect(engine.inspected).toEqual([cli.id]);
  });

  test.each(['docker:cli', 'docker:*', 'docke*:*', 'docke*:cli', 'docker.io/**:*'])(
    'by %s only for content that the registry has there',
    async (entry) => {
      const { gather, engine, cli } = await setUp();
      expect(verdicts(await gather('docker:cli', listing([entry])))).toEqual([`${entry} confirmed`]);
      engine.images.splice(0);
      const evil = engine.pulled('docker.io/evil/image:1', ['evil']);
      // `docker tag` on the containerd store makes a digest of the approved name.
      const forged = { ...evil, tags: ['docker:cli'], repoDigests: [`docker@${digestOf('docker.io/evil/image:1')}`] };
      engine.images.push(forged);
      const fact = await gather('docker:cli', listing([entry.replace('docker.io/**', 'library/**')]));
      expect(verdicts(fact)).toEqual([`${entry.replace('docker.io/**', 'library/**')} digest-differs`]);
      expect(fact).not.toMatchObject({ id: cli.id });
    },
  );

  test('by a glob with a tag for that tag only', async () => {
    const { gather, engine } = await setUp();
    engine.registry.set(CLI, digestOf('newer'));
    expect(verdicts(await gather('docker:cli', listing(['docke*:cli'])))).toEqual(['docke*:cli digest-differs']);
    expect(verdicts(await gather('docker:cli', listing(['docke*:*'])))).toEqual(['docke*:* confirmed']);
  });

  test('by a pinned digest without a registry', async () => {
    const { gather, engine } = await setUp();
    engine.fail(unreachable());
    const pinned = `docker@${digestOf(CLI)}`;
    expect(verdicts(await gather('docker:cli', listing([pinned])))).toEqual([`${pinned} confirmed`]);
    const tagged = `docker:other@${digestOf(CLI)}`;
    expect(verdicts(await gather('docker:cli', listing([tagged])))).toEqual([`${tagged} confirmed`]);
    const other = `docker@${digestOf('other')}`;
    expect(verdicts(await gather('docker:cli', listing([other])))).toEqual([`${other} pinned-digest-differs`]);
    const elsewhere = `evil@${digestOf(CLI)}`;
    expect(verdicts(await gather('docker:cli', listing([elsewhere])))).toEqual([]);
    expect(engine.asked).toEqual([]);
  });

  test('by another name of the same image, of which failures are not told', async () => {
    const { gather, engine, cli } = await setUp();
    engine.images.splice(0, 1, { ...cli, tags: ['docker:cli', 'mine:1'] });
    expect(verdicts(await gather('mine:1', listing(['docker:cli'])))).toEqual(['docker:cli confirmed']);
    const [malicious] = [engine.built('malicious', ['evil'])];
    engine.images.splice(1, 1, { ...malicious, tags: ['malicious', 'alpine:latest'] });
    expect(verdicts(await gather('malicious', listing(['alpine'])))).toEqual([]);
  });

  test('of another tag of the repository is not asked for', async () => {
    const { gather, engine } = await setUp();
    expect(verdicts(await gather('docker:cli', listing(['docker:latest'])))).toEqual([]);
    expect(engine.asked).toEqual([]);
    engine.registry.set('docker.io/library/docker:latest', digestOf(CLI));
    const byDigest = `docker@${digestOf(CLI)}`;
    expect(verdicts(await gather(byDigest, listing(['docker:latest'])))).toEqual(['docker:latest confirmed']);
    // The registry has the same image under the listed tag, as is known now.
    expect(verdicts(await gather('docker:cli', listing(['docker:latest'])))).toEqual(['docker:latest confirmed']);
  });

  test('as soon as one registry confirms it, whatever the others do', async () => {
    const { gather, engine, cli } = await setUp();
    engine.images.splice(0, 1, { ...cli, tags: ['docker:cli', 'slow.io/docker:cli'] });
    const { distribution } = engine;
    engine.distribution = (reference, auth) =>
      reference.startsWith('slow.io/') ? new Promise<string>(() => undefined) : distribution(reference, auth);
    const fact = await gather('docker:cli', listing(['slow.io/docker:cli', 'docker:cli']));
    expect(verdicts(fact)).toEqual(['docker:cli confirmed']);
  });

  test('for at most 16 of an image’s names', async () => {
    const { gather, engine } = await setUp();
    const image = engine.pulled('docker.io/evil/one:1', ['evil']);
    engine.registry.clear();
    engine.images.splice(1, 1, { ...image, tags: Array.from({ length: 500 }, (_, number) => `evil${number}/x:1`) });
    await gather(image.id, listing(['docker.io/**:*']));
    expect(engine.asked.length).toBeLessThanOrEqual(16);
  });

  test('for an image named by its ID under all its names, of which failures are told', async () => {
    const { gather, engine, cli } = await setUp();
    engine.registry.set(CLI, digestOf('moved'));
    expect(verdicts(await gather(cli.id, listing(['docker:cli'])))).toEqual(['docker:cli digest-differs']);
  });

  test('by the digests that the engine names, on any store', async () => {
    const { gather, engine } = await setUp();
    engine.useStore('overlayfs');
    const fact = await gather('docker:cli', listing(['docker:cli']));
    expect(fact).toMatchObject({ digests: [digestOf(CLI)], proofs: [{ verdict: 'confirmed' }] });
  });

  test.each([
    ['overlay2', []],
    ['overlayfs', [`docker.io/library/docker@${digestOf('manifest')}`]],
  ])('on the %s store a nameless image has its ID asked for only if that is a manifest’s', async (store, asked) => {
    const { gather, engine } = await setUp();
    engine.useStore(store);
    engine.images.push({ id: digestOf('manifest'), tags: [], repoDigests: [], layers: [] });
    const fact = await gather('docker:old', listing(['docker:*']), { imageId: digestOf('manifest') });
    expect(verdicts(fact)).toEqual(['docker:* digest-differs']);
    expect(engine.asked).toEqual(asked);
  });
});
