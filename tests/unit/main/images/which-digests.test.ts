import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalImage } from '../../../../main/engine/engine-client.ts';
import { digestOf, fakeEngine } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';
import { listing } from './listing.ts';

const TAG = 'docker.io/listed/app:1';

/** Few, so that what is here and what the registry has are often the same. */
const digest = fc.constantFrom(...['one', 'two', 'three', 'four'].map(digestOf));
const repository = fc.constantFrom('listed/app', 'evil/app', 'reg.io/app');

/** Where a digest stands says nothing: with the containerd store any tag makes `name@digest`. */
const repoDigests = fc.array(
  fc.tuple(repository, digest).map(([name, one]) => `${name}@${one}`),
  { maxLength: 3 },
);
const classic = repoDigests.map((names): LocalImage => image(digestOf('config'), names));
const containerd = fc
  .tuple(digest, fc.uniqueArray(digest, { minLength: 1 }), fc.nat())
  .map(([id, manifests, which]) => {
    const manifest = manifests[which % manifests.length] ?? '';
    return { ...image(id, [`listed/app@${id}`]), manifests, manifest };
  });
/** Another image that is here, an index. */
const index = fc.tuple(digest, fc.array(digest)).map(([id, manifests]) => ({
  ...image(id, []),
  tags: ['other:1'],
  manifests,
}));

function image(id: string, names: readonly string[]): LocalImage {
  return { id, tags: ['listed/app:1'], repoDigests: [...new Set(names)], layers: [] };
}

/** What counts, by the rules as docs/images.md has them. */
function expected(entry: string, local: LocalImage, others: readonly LocalImage[], tagged: string, held: Set<string>) {
  const named = local.repoDigests.map((name) => name.split('@')[1] ?? '');
  const digests = new Set(local.manifests === undefined ? named : [...named, local.id]);
  const own = new Set(local.manifest === undefined ? digests : [...digests, local.manifest]);
  const [, pinned] = entry.split('@');
  if (pinned !== undefined) return own.has(pinned);
  if (entry.endsWith(':*')) return [...digests].some((one) => held.has(one));
  const lists = others.find(({ id }) => id === tagged)?.manifests ?? [];
  return own.has(tagged) || (local.manifest !== undefined && lists.includes(local.manifest));
}

test('an entry is confirmed by digests that count, and by nothing else', async () => {
  const entry = fc.oneof(
    fc.constant('listed/app:1'),
    fc.constant('listed/app:*'),
    digest.map((one) => `listed/app@${one}`),
  );
  const local = fc.oneof(classic, containerd);
  const property = fc.asyncProperty(
    entry,
    local,
    index,
    digest,
    fc.array(digest),
    async (text, one, other, tagged, has) => {
      const engine = fakeEngine();
      const held = new Set(has);
      // One ID is one image.
      const others = other.id === one.id ? [] : [other];
      engine.images.push(one, ...others);
      engine.registry.set(TAG, tagged);
      for (const each of held) engine.registry.set(`docker.io/listed/app@${each}`, each);
      const { facts } = await imagesUnderTest(engine);
      const fact = await facts.gather('listed/app:1', listing([text]));
      const isConfirmed = fact.kind === 'present' && fact.proofs.some(({ verdict }) => verdict === 'confirmed');
      expect(isConfirmed).toBe(expected(text, one, [one, ...others], tagged, held));
    },
  );
  await fc.assert(property, { numRuns: 300 });
});
