import { setTimeout as pause } from 'node:timers/promises';
import { repositoryName } from '../../shared/images/reference.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { ListedImage } from '../engine/image-client.ts';
import type { DigestResolver } from '../images/digest-resolver.ts';
import { imagesByEntry } from './entry-images.ts';
import { questionsFor } from './resolve-entry.ts';

/** Each question is a pull to Docker Hub's counters: a pattern may name more images than anybody wants to pay for. */
const MOST_QUESTIONS = 100;
/** Below the time that clients wait for an answer; the questions themselves go on. */
const PATIENCE_MS = 20_000;

/** Asks registries about all that the list names here, as far as it is not too early; resolves when they have told. */
export async function askRegistries(
  { imageList }: Policy,
  images: readonly ListedImage[],
  registries: Pick<DigestResolver, 'freshen' | 'knownHolds'>,
): Promise<void> {
  const byEntry = imagesByEntry(imageList, images);
  const questions = imageList.entries.flatMap((entry) =>
    entry.kind === 'everything' ? [] : questionsFor(entry, byEntry.get(entry) ?? []),
  );
  const open = questions.filter(
    // That a repository has a digest holds for good.
    ({ of, suffix }) => !suffix.startsWith('@') || registries.knownHolds(of, [suffix.slice(1)]) === undefined,
  );
  const each = new Map(open.map((question) => [`${repositoryName(question.of)}${question.suffix}`, question]));
  const asked = [...each.values()].slice(0, MOST_QUESTIONS).map(({ of, suffix }) => registries.freshen(of, suffix));
  const giveUp = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: giveUp.signal, ref: false }).catch(() => undefined);
  await Promise.race([Promise.all(asked), late]);
  giveUp.abort();
}
