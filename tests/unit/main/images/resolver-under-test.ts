import { digestOf, fakeEngine } from './fake-engine.ts';
import { imagesUnderTest } from './images-under-test.ts';

/** A tag, its repository, and digests that it has at one time or another. */
export const CLI = { registry: 'docker.io', path: 'library/docker' };
export const NAME = 'docker.io/library/docker:cli';
export const [OLD, NEW, OTHER] = ['old', 'new', 'other'].map(digestOf) as [string, string, string];
export const TERMS = {
  'lockkeeper.offlineGraceHours': 72,
  'lockkeeper.previousDigestGraceHours': 0,
  'lockkeeper.resolveEveryMinutes': 360,
};
export const HOUR = 3_600_000;
/** In hours. */
export const YEAR = 365 * 24;
export const SECOND = 1000;

/** A resolver with a registry that has these digests by their references. */
export async function setUp(registry: Record<string, string> = { [NAME]: OLD }) {
  const engine = fakeEngine();
  for (const [reference, digest] of Object.entries(registry)) engine.registry.set(reference, digest);
  const parts = await imagesUnderTest(engine);
  const tag = (digests: readonly string[], terms = TERMS) => parts.resolver.tag(CLI, 'cli', digests, terms);
  return { ...parts, tag };
}
