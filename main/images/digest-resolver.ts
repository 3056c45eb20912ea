import type { TagEntry } from '../../shared/images/image-list-entry.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { Policy, PolicyValues } from '../../shared/policy/policy.ts';
import { ageOf, type Clocks } from '../clocks/clocks.ts';
import type { DigestLedger, TagDigest } from './digest-ledger.ts';
import { type LastAnswer, type QuestionDesk, questionDesk } from './question-desk.ts';
import {
  type AskingDeps,
  inWords,
  isFailure,
  type RegistryAnswer,
  type RegistryFailure,
  type Repository,
} from './registry-question.ts';

/** Whether a registry confirms one of an image's digests. `detail` is a clause: when, or what the registry answered. */
export type Confirmation =
  | {
      readonly kind: 'confirmed';
      readonly digest: string;
      readonly detail: string;
      /** The tag has moved on; until when the digest still counts (milliseconds since 1970). */
      readonly until?: number;
    }
  /**
   * `registryDigest` is what the registry has now, `since` when it was first found there (milliseconds since 1970); absent
   * when it has none, or when that is only known from before.
   */
  | { readonly kind: 'differs'; readonly registryDigest?: string; readonly since?: number; readonly detail: string }
  | ({ readonly kind: 'unknown'; readonly detail: string } & Pick<RegistryFailure, 'trouble' | 'cure'>);

/** What of the policy says how long an answer counts. */
export type Terms = Pick<
  PolicyValues,
  'lockkeeper.offlineGraceHours' | 'lockkeeper.previousDigestGraceHours' | 'lockkeeper.resolveEveryMinutes'
>;

export interface DigestResolver {
  /** Whether the tag's current digest is among these; asks only when what is known does not match. Never rejects. */
  tag(of: Repository, tag: string, digests: readonly string[], terms: Terms): Promise<Confirmation>;
  /** Whether the repository has one of these digests under any tag. Never rejects. */
  holds(of: Repository, digests: readonly string[]): Promise<Confirmation>;
  /** The same two, from what is known already: undefined where that does not confirm it. */
  knownTag(of: Repository, tag: string, digests: readonly string[], terms: Terms): Confirmation | undefined;
  knownHolds(of: Repository, digests: readonly string[]): Confirmation | undefined;
  /** Whether the repository says within `patienceMs` that it has the digest; whatever else happens is a no. */
  heldWithin(of: Repository, digest: string, patienceMs: number): Promise<boolean>;
  /**
   * Asks for every tag that the image list names, or for those about which no registry has told anything yet (`missed`).
   * Resolves when all have answered or failed, to whether all have answered.
   */
  resolveAll(policy: Policy, which?: 'all' | 'missed'): Promise<boolean>;
  /** Asks for a tag (`:cli`) or a digest (`@sha256:…`) unless it is too early to ask again; the answer is kept. */
  freshen(of: Repository, suffix: string): Promise<void>;
  /** What the registry has now; see QuestionDesk.askNow. The answer is kept, and decides from then on. */
  askNow(of: Repository, suffix: string): Promise<RegistryAnswer>;
  /** What is known of a tag or digest without asking. */
  standing(of: Repository, suffix: string): Standing;
  /** Told of each answer of a registry; returns what ends that. */
  onAnswer(listener: () => void): () => void;
}

/** What is known of a question: what the ledger keeps of a tag, and how the last attempt of this run went. */
export interface Standing extends Partial<TagDigest> {
  readonly last?: LastAnswer;
}

export interface ResolverDeps extends AskingDeps {
  readonly ledger: DigestLedger;
  readonly record: (event: EventBody) => void;
  readonly clocks: Clocks;
  /** See DeskDeps. */
  readonly chance?: () => number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** How long a check waits for a registry; the question itself goes on and its answer is kept. */
const PATIENCE_MS = 10_000;
/** An image has a digest or two; whoever makes one with more does not get to send that many questions. */
const MOST_DIGESTS = 8;

export function digestResolver(deps: ResolverDeps): DigestResolver {
  const desk = questionDesk(deps);
  const knownTag: DigestResolver['knownTag'] = (of, tag, digests, terms) => {
    const known = deps.ledger.tag(tagName(of, tag));
    if (known === undefined) return undefined;
    if (!digests.includes(known.digest)) return previously(known, tagName(of, tag), digests, terms, deps.clocks);
    if (confirmedAgo(known, deps.clocks) > longestAge(terms, desk.isFailing(of, `:${tag}`))) return undefined;
    return { kind: 'confirmed', digest: known.digest, detail: `confirmed ${time(known.confirmedAt)}` };
  };
  const knownHolds: DigestResolver['knownHolds'] = (of, digests) => {
    const digest = digests.find((one) => deps.ledger.holds(repositoryOf(of), one));
    return digest === undefined ? undefined : { kind: 'confirmed', digest, detail: 'confirmed earlier' };
  };
  return {
    knownTag,
    knownHolds,
    async tag(of, tag, digests, terms) {
      const known = knownTag(of, tag, digests, terms);
      if (known !== undefined) return known;
      if (digests.length === 0) return noDigest(deps.ledger.tag(tagName(of, tag))?.digest);
      const answer = await desk.ask(of, `:${tag}`, PATIENCE_MS);
      if (answer.kind === 'digest') return compare(deps, of, tag, answer.digest, digests, terms);
      if (answer.kind === 'absent') return { kind: 'differs', detail: answer.why };
      return fromBefore(deps, of, tag, answer, terms);
    },
    async holds(of, digests) {
      const known = knownHolds(of, digests);
      if (known !== undefined) return known;
      const asked = digests.slice(0, MOST_DIGESTS);
      if (asked.length === 0) return noDigest(undefined);
      const answers = await Promise.all(asked.map((digest) => desk.ask(of, `@${digest}`, PATIENCE_MS)));
      return overall(answers, deps.clocks.wall());
    },
    async heldWithin(of, digest, patienceMs) {
      if (deps.ledger.holds(repositoryOf(of), digest)) return true;
      return (await desk.ask(of, `@${digest}`, patienceMs, { quiet: true })).kind === 'digest';
    },
    resolveAll: (policy, which = 'all') => resolveAll(desk, policy, which),
    async freshen(of, suffix) {
      await desk.ask(of, suffix, PATIENCE_MS);
    },
    askNow: (of, suffix) => desk.askNow(of, suffix, PATIENCE_MS),
    standing(of, suffix) {
      const last = desk.lastAnswer(of, suffix);
      return { ...deps.ledger.tag(`${repositoryOf(of)}${suffix}`), ...(last !== undefined && { last }) };
    },
    onAnswer: desk.onAnswer,
  };
}

function confirmedAgo({ confirmedAt, steadyAt }: TagDigest, clocks: Clocks): number {
  return ageOf({ wall: confirmedAt, steady: steadyAt }, clocks);
}

/** While the registry answers, what it said counts until it is asked again; once it does not, for the grace only. */
function longestAge(terms: Terms, failing: boolean): number {
  const grace = terms['lockkeeper.offlineGraceHours'] * HOUR_MS;
  return failing ? grace : Math.max(grace, terms['lockkeeper.resolveEveryMinutes'] * MINUTE_MS);
}

/** A digest that the registry had under the tag until lately, where the policy lets that count for a while. */
function previously(
  { previous }: TagDigest,
  name: string,
  digests: readonly string[],
  terms: Terms,
  clocks: Clocks,
): Confirmation | undefined {
  const was = previous.find((one) => digests.includes(one.digest));
  const graceMs = terms['lockkeeper.previousDigestGraceHours'] * HOUR_MS;
  if (was === undefined || ageOf({ wall: was.movedAt, steady: was.steadyAt }, clocks) >= graceMs) return undefined;
  const until = was.movedAt + graceMs;
  const detail = `it was the digest of ${name} until ${time(was.movedAt)}, and still counts until ${time(until)}`;
  return { kind: 'confirmed', digest: was.digest, detail, until };
}

/** The registry has just answered, so that what it had there before is in the ledger, too. */
function compare(
  { ledger, clocks }: ResolverDeps,
  of: Repository,
  tag: string,
  registryDigest: string,
  digests: readonly string[],
  terms: Terms,
): Confirmation {
  if (digests.includes(registryDigest))
    return { kind: 'confirmed', digest: registryDigest, detail: `confirmed ${time(clocks.wall())}` };
  const known = ledger.tag(tagName(of, tag));
  const still = known && previously(known, tagName(of, tag), digests, terms, clocks);
  if (still !== undefined) return still;
  const since = known?.digest === registryDigest ? known.since : undefined;
  const detail = `${of.registry} has another image under the tag ${tag}`;
  return { kind: 'differs', registryDigest, ...(since !== undefined && { since }), detail };
}

function noDigest(registryDigest: string | undefined): Confirmation {
  const detail = 'no registry has ever had it under its present content';
  return registryDigest === undefined ? { kind: 'differs', detail } : { kind: 'differs', registryDigest, detail };
}

/** The registry cannot be asked now: what it said before still counts for a while, also against an image. */
function fromBefore(
  { ledger, clocks }: ResolverDeps,
  of: Repository,
  tag: string,
  failure: RegistryFailure,
  terms: Terms,
): Confirmation {
  const { why, trouble, cure } = failure;
  const known = ledger.tag(tagName(of, tag));
  if (known === undefined) return { kind: 'unknown', detail: why, trouble, cure };
  const hours = terms['lockkeeper.offlineGraceHours'];
  const since = `${known.digest} was the digest of ${tagName(of, tag)} ${time(known.confirmedAt)}`;
  const age = confirmedAgo(known, clocks);
  if (age > hours * HOUR_MS) {
    const old = Number.isFinite(age) ? `older than ${hours} h` : 'of a time to come, by a clock that was wrong';
    return { kind: 'unknown', detail: `${why}, and its last answer is ${old} (${since})`, trouble, cure };
  }
  return { kind: 'differs', detail: `${since}, and ${inWords(failure)}` };
}

function overall(answers: readonly RegistryAnswer[], now: number): Confirmation {
  for (const answer of answers) {
    if (answer.kind === 'digest') return { kind: 'confirmed', digest: answer.digest, detail: `confirmed ${time(now)}` };
  }
  const failed = answers.find(isFailure);
  if (failed !== undefined) return { kind: 'unknown', detail: failed.why, trouble: failed.trouble, cure: failed.cure };
  const absent = answers.find((answer) => answer.kind === 'absent');
  return { kind: 'differs', detail: absent?.why ?? 'nothing was asked' };
}

async function resolveAll(
  desk: QuestionDesk,
  { values, imageList }: Policy,
  which: 'all' | 'missed',
): Promise<boolean> {
  // Nothing is checked then, so no registry needs to hear of it.
  if (!values['enhancedContainerIsolation.value'] || imageList.everything !== undefined) return true;
  const tags = new Map(
    imageList.entries.flatMap((entry) => (entry.kind === 'tag' ? [[tagName(entry, entry.tag), entry] as const] : [])),
  );
  const isMissed = (entry: TagEntry) => {
    const last = desk.lastAnswer(entry, `:${entry.tag}`);
    return last === undefined || last.failingSince !== undefined;
  };
  const asked = [...tags.values()].filter((entry) => which === 'all' || isMissed(entry));
  await Promise.all(asked.map((entry) => desk.refresh(entry, `:${entry.tag}`)));
  return !asked.some(isMissed);
}

export function repositoryOf({ registry, path }: Repository): string {
  return `${registry}/${path}`;
}

function tagName(of: Repository, tag: string): string {
  return `${repositoryOf(of)}:${tag}`;
}

/** RFC 3339 in UTC, to the second. */
export function time(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
