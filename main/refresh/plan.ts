import {
  familiarName,
  formatReference,
  type ImageReference,
  parseImageReference,
  repositoryName,
  withDefaultTag,
} from '../../shared/images/reference.ts';
import type { RefreshPlan } from '../../shared/ipc/refresh.ts';
import type { PolicyState } from '../../shared/policy/policy.ts';
import { EngineError, type LocalImage } from '../engine/engine-client.ts';
import { inWords } from '../images/registry-question.ts';
import type { RefreshDeps } from './deps.ts';

export interface Planned {
  readonly plan: RefreshPlan;
  /** Absent when the name cannot be read. */
  readonly reference?: ImageReference;
}

/** The one spelling of an image's name; texts that are none stay as they are. */
export function nameOf(image: string): string {
  const parsed = parseImageReference(image);
  return parsed.ok ? familiarName(asAsked(parsed.reference)) : image;
}

/** A digest decides by itself. */
function asAsked(reference: ImageReference): ImageReference {
  return reference.digest === undefined ? withDefaultTag(reference) : { ...reference, tag: undefined };
}

export function suffixOf({ tag, digest }: ImageReference): string {
  return digest === undefined ? `:${tag}` : `@${digest}`;
}

/**
 * Finds out what a refresh of an image would do. The registry is asked first: while it cannot say what it has, nothing
 * that is here may be touched. Never rejects.
 */
export async function planRefresh(deps: RefreshDeps, image: string): Promise<Planned> {
  const nothing = { image: nameOf(image), alsoNamed: [], containers: [], commands: [] };
  const blocked = (problem: string) => ({ ...nothing, verdict: 'blocked' as const, problem });
  const parsed = parseImageReference(image);
  if (!parsed.ok) return { plan: blocked(parsed.problem) };
  const reference = asAsked(parsed.reference);
  const unlisted = whyNotListed(deps.policy(), reference);
  if (unlisted !== undefined) return { plan: blocked(unlisted), reference };
  const answer = await deps.digests.askNow(reference, suffixOf(reference));
  if (answer.kind !== 'digest') return { plan: blocked(inWords(answer)), reference };
  try {
    const plan = await compare(deps, nothing.image, answer.digest);
    return { plan: { ...nothing, ...plan }, reference };
  } catch (error) {
    return { plan: blocked(whyFailed(error)), reference };
  }
}

async function compare(
  { engine }: RefreshDeps,
  name: string,
  registryDigest: string,
): Promise<Partial<RefreshPlan> & Pick<RefreshPlan, 'verdict'>> {
  const local = await engine.image(name);
  const pull = `docker pull ${name}`;
  if (local === undefined) return { verdict: 'refresh', registryDigest, commands: [pull] };
  const digests = digestsIn(local);
  const localDigest = digests.find((digest) => digest === registryDigest) ?? digests[0];
  const known = { registryDigest, localImageId: local.id, ...(localDigest !== undefined && { localDigest }) };
  if (digests.includes(registryDigest)) return { ...known, verdict: 'current' };
  return {
    ...known,
    verdict: 'refresh',
    alsoNamed: local.tags.filter((tag) => nameOf(tag) !== name),
    containers: [...(await engine.containersOf(local.id))],
    commands: [`docker image rm ${name}`, pull],
  };
}

/** A failure in a sentence; what does not come from us says so. */
export function whyFailed(error: unknown): string {
  if (!(error instanceof EngineError)) return error instanceof Error ? error.message : String(error);
  return error.status === undefined
    ? `the engine cannot be reached (${error.message}); start it, and try again`
    : `the engine says: ${error.message}`;
}

export function digestsIn({ repoDigests }: Pick<LocalImage, 'repoDigests'>): readonly string[] {
  return repoDigests.flatMap((text) => text.split('@')[1] ?? []);
}

/** Only what the image list is about is refreshed: `docker pull` is there for everything else. */
function whyNotListed(state: PolicyState, reference: ImageReference): string | undefined {
  if (state.kind === 'closed') return 'there is no usable policy, so no image is listed; mend the settings file first';
  const { imageList } = state.policy;
  if (imageList.everything !== undefined) return undefined;
  const entries = imageList.entriesFor(reference);
  const isNamed = entries.some((entry) => entry.kind !== 'pinned' || entry.digest === reference.digest);
  if (isNamed) return undefined;
  const name = formatReference(reference);
  const others = imageList.entriesForRepository(reference.registry, reference.path).map(({ text }) => `"${text}"`);
  if (others.length === 0)
    return `no entry of the image list names ${name}; run: docker pull ${familiarName(reference)}`;
  return `no entry of the image list names ${name}; of ${repositoryName(reference)} it lists ${others.join(', ')}`;
}
