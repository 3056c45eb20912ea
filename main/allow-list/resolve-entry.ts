import type { GlobEntry, ImageListEntry, RepositoryEntry, TagEntry } from '../../shared/images/image-list-entry.ts';
import { familiarName } from '../../shared/images/reference.ts';
import { type AllowListEntry, isBehind } from '../../shared/ipc/allow-list.ts';
import type { Terms } from '../images/digest-resolver.ts';
import { digestsOf, type EntryImage } from './entry-images.ts';
import { failureOf, type Judged, judgeByRepository, judgeByTag, listed, type Registries } from './judge-image.ts';

export type Resolved = Omit<AllowListEntry, 'entry' | 'normalised' | 'derived' | 'holders'>;

const HOUR_MS = 3_600_000;

/** One entry against what this machine and the registries have, without asking anybody anything. */
export function resolveEntry(
  entry: ImageListEntry,
  images: readonly EntryImage[],
  registries: Registries,
  terms: Terms,
): Resolved {
  switch (entry.kind) {
    case 'everything':
      return { kind: 'everything', state: 'everything', images: [], refreshable: [] };
    case 'tag':
      return resolveTag(entry, images, registries, terms);
    case 'pinned':
      return {
        kind: 'pinned',
        state: images.length === 0 ? 'not-local' : 'match',
        registryDigest: entry.digest,
        images: images.map((one) => ({ ...listed(one, { state: 'confirmed' }), digest: entry.digest })),
        refreshable: images.length === 0 ? [familiarName({ ...entry, tag: undefined })] : [],
      };
    case 'anyTag':
    case 'glob':
      return resolveWildcard(entry, images, registries, terms);
  }
}

function resolveTag(entry: TagEntry, images: readonly EntryImage[], registries: Registries, terms: Terms): Resolved {
  const standing = registries.standing(entry, `:${entry.tag}`);
  const failure = failureOf(standing);
  const judged = images.map((one) => ({ one, verdict: judgeByTag(registries, one, entry.tag, terms) }));
  const state = tagState(
    judged.map(({ verdict }) => verdict),
    failure?.state,
  );
  const { digest, confirmedAt } = standing;
  const stillCounts = failure !== undefined && judged.some(({ verdict }) => verdict.state === 'confirmed');
  const offlineUntil = stillCounts ? (confirmedAt ?? 0) + terms['lockkeeper.offlineGraceHours'] * HOUR_MS : undefined;
  const until = judged.find(({ verdict }) => verdict.until !== undefined)?.verdict.until ?? offlineUntil;
  const detail = failure?.why ?? judged.find(({ verdict }) => verdict.why !== undefined)?.verdict.why;
  return {
    kind: 'tag',
    state,
    ...(detail !== undefined && { detail }),
    ...(failure?.trouble !== undefined && { trouble: failure.trouble }),
    ...(digest !== undefined && { registryDigest: digest }),
    ...(confirmedAt !== undefined && { confirmedAt: at(confirmedAt) }),
    ...(failure?.since !== undefined && { unreachableSince: at(failure.since) }),
    ...(until !== undefined && { countsUntil: at(until) }),
    images: judged.map(({ one, verdict }) => listed(one, verdict)),
    refreshable: state === 'absent' ? [] : [familiarName({ ...entry, digest: undefined })],
  };
}

function tagState(images: readonly Judged[], failure: Judged['state'] | undefined): Resolved['state'] {
  if (failure === 'absent') return 'absent';
  if (images.length === 0) return 'not-local';
  if (failure !== undefined && failure !== 'confirmed') return failure;
  return worst(images);
}

/** Of the images that a wildcard names, the one that needs attention most. */
function worst(images: readonly Judged[]): Resolved['state'] {
  const order = ['stale', 'denied', 'unreachable', 'absent', 'unconfirmed', 'previous'] as const;
  const found = new Set(images.map(({ state }) => state));
  return order.find((state) => found.has(state)) ?? 'match';
}

function resolveWildcard(
  entry: Extract<RepositoryEntry, { kind: 'anyTag' }> | GlobEntry,
  images: readonly EntryImage[],
  registries: Registries,
  terms: Terms,
): Resolved {
  const tag = entry.kind === 'glob' ? entry.tag : undefined;
  const judged = images.map((one) => ({
    one,
    verdict: tag === undefined ? judgeByRepository(registries, one) : judgeByTag(registries, one, tag, terms),
  }));
  const verdicts = judged.map(({ verdict }) => verdict);
  const since = Math.min(...verdicts.map((verdict) => verdict.since ?? Number.POSITIVE_INFINITY));
  const stale = judged.filter(({ verdict }) => isBehind(verdict.state));
  const state = verdicts.length === 0 ? 'not-local' : worst(verdicts);
  // One registry's words stand for all: what each image lacks is told with the images.
  const told = verdicts.find((verdict) => verdict.trouble !== undefined && verdict.state === state);
  return {
    kind: entry.kind === 'glob' ? 'glob' : 'any-tag',
    state,
    ...(told?.why !== undefined && { detail: told.why }),
    ...(told?.trouble !== undefined && { trouble: told.trouble }),
    ...(Number.isFinite(since) && { unreachableSince: at(since) }),
    images: judged.map(({ one, verdict }) => listed(one, verdict)),
    refreshable: stale.flatMap(({ one: { name } }) => name ?? []),
  };
}

/** What registries would have to be asked to know better about an entry, by its kind. */
export function questionsFor(
  entry: RepositoryEntry,
  images: readonly EntryImage[],
): readonly { readonly of: EntryImage['repository']; readonly suffix: string }[] {
  if (entry.kind === 'pinned') return [];
  if (entry.kind === 'tag') return [{ of: { registry: entry.registry, path: entry.path }, suffix: `:${entry.tag}` }];
  const tag = entry.kind === 'glob' ? entry.tag : undefined;
  return images.flatMap(({ image, repository }) =>
    tag === undefined
      ? digestsOf(image).map((digest) => ({ of: repository, suffix: `@${digest}` }))
      : [{ of: repository, suffix: `:${tag}` }],
  );
}

function at(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
