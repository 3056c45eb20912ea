import type { EventBody } from '../../shared/journal/event.ts';
import { questionQueue } from '../engine/question-queue.ts';
import type { DigestLedger } from './digest-ledger.ts';
import { type Asked, type HostPace, isAnswered, paceAfter, restAnswer, restsOnLast } from './question-pace.ts';
import { type AskingDeps, askRegistry, type RegistryAnswer, type Repository } from './registry-question.ts';

/** Where all questions to registries are asked: none twice at once, none too often, each answer into the ledger. */
export interface QuestionDesk {
  /** The registry's answer, or the last one where it is too early to ask again. `quiet`: failures are no event. */
  ask(of: Repository, suffix: string, patienceMs: number, options?: { quiet: boolean }): Promise<RegistryAnswer>;
  /** Asks because it is time to (start, policy change, schedule), behind those who wait. */
  refresh(of: Repository, suffix: string): Promise<void>;
  /**
   * Asks because somebody has ordered something that depends on it: past what was answered lately, and past a rest after
   * failures, but not while the registry wants to be left alone.
   */
  askNow(of: Repository, suffix: string, patienceMs: number): Promise<RegistryAnswer>;
  /** Whether the last attempt to ask this came to nothing. */
  isFailing(of: Repository, suffix: string): boolean;
  /** What came of the last attempt in this run, and since when they come to nothing. */
  lastAnswer(of: Repository, suffix: string): LastAnswer | undefined;
  /** Told of each answer; returns what ends that. */
  onAnswer(listener: () => void): () => void;
}

export interface LastAnswer {
  readonly answer: RegistryAnswer;
  /** Milliseconds since 1970; absent while the registry answers. */
  readonly failingSince?: number;
}

export interface DeskDeps extends AskingDeps {
  readonly ledger: DigestLedger;
  readonly record: (event: EventBody) => void;
  readonly now: () => number;
}

/** Questions that may be under way at the same time. */
const AT_ONCE = 4;
/** What is remembered of questions and hosts; the oldest that rest go first. */
const MOST_QUESTIONS = 2000;
const MOST_HOSTS = 500;

export function questionDesk(deps: DeskDeps): QuestionDesk {
  const queue = questionQueue(AT_ONCE);
  const questions = new Map<string, Asked>();
  const hosts = new Map<string, HostPace>();
  const listeners = new Set<() => void>();

  const start = (of: Repository, suffix: string, asked: Asked, how: How) => {
    const key = keyOf(of, suffix);
    const running = queue.run(key, how.urgent, async () => {
      const startedAt = deps.now();
      const paceBefore = hosts.get(of.registry);
      const resting = how.pressing && paceBefore?.kind !== 'limited' ? undefined : restAnswer(paceBefore, startedAt);
      const answer = resting ?? (await askRegistry(deps, of, suffix));
      const before = asked.last;
      asked.last = answer;
      asked.failingSince = isAnswered(answer) ? undefined : (asked.failingSince ?? startedAt);
      asked.running = undefined;
      if (resting !== undefined) return answer;
      asked.answeredAt = deps.now();
      const took = asked.answeredAt - startedAt;
      const pace = paceAfter(answer, paceBefore, hosts.get(of.registry), took, asked.answeredAt);
      setHost(hosts, of.registry, pace);
      const known = keep(deps, of, suffix, answer);
      if (!how.quiet) tell(deps.record, key, answer, before, known);
      return answer;
    });
    asked.running = running;
    void running.then(() => tellAll(listeners));
    return running;
  };

  return {
    async ask(of, suffix, patienceMs, { quiet } = { quiet: false }) {
      const asked = questionOf(questions, keyOf(of, suffix));
      if (asked.running !== undefined) {
        queue.hurry(keyOf(of, suffix));
        return withPatience(asked.running, of, patienceMs);
      }
      const now = deps.now();
      if (asked.last !== undefined && restsOnLast(asked, now)) return asked.last;
      const resting = restAnswer(hosts.get(of.registry), now);
      if (resting !== undefined) return resting;
      asked.demandedAt = now;
      return withPatience(start(of, suffix, asked, { urgent: true, quiet, pressing: false }), of, patienceMs);
    },
    async refresh(of, suffix) {
      const asked = questionOf(questions, keyOf(of, suffix));
      await (asked.running ?? start(of, suffix, asked, { urgent: false, quiet: false, pressing: false }));
    },
    async askNow(of, suffix, patienceMs) {
      const asked = questionOf(questions, keyOf(of, suffix));
      queue.hurry(keyOf(of, suffix));
      const how = { urgent: true, quiet: false, pressing: true };
      return withPatience(asked.running ?? start(of, suffix, asked, how), of, patienceMs);
    },
    isFailing(of, suffix) {
      const last = questions.get(keyOf(of, suffix))?.last;
      return last !== undefined && last.kind !== 'digest';
    },
    lastAnswer(of, suffix) {
      const { last, failingSince } = questions.get(keyOf(of, suffix)) ?? {};
      return last && { answer: last, ...(failingSince !== undefined && { failingSince }) };
    },
    onAnswer(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface How {
  readonly urgent: boolean;
  /** Failures are no event. */
  readonly quiet: boolean;
  /** See askNow. */
  readonly pressing: boolean;
}

function tellAll(listeners: ReadonlySet<() => void>): void {
  for (const listener of listeners) listener();
}

function keyOf({ registry, path }: Repository, suffix: string): string {
  return `${registry}/${path}${suffix}`;
}

function questionOf(questions: Map<string, Asked>, key: string): Asked {
  const known = questions.get(key);
  if (known !== undefined) return known;
  const never = { answeredAt: -Infinity, demandedAt: -Infinity, failingSince: undefined };
  const asked = { running: undefined, last: undefined, ...never };
  questions.set(key, asked);
  if (questions.size > MOST_QUESTIONS) {
    const idle = [...questions].find(([, one]) => one.running === undefined && one !== asked);
    if (idle !== undefined) questions.delete(idle[0]);
  }
  return asked;
}

function setHost(hosts: Map<string, HostPace>, host: string, pace: HostPace | undefined): void {
  hosts.delete(host);
  if (pace === undefined) return;
  hosts.set(host, pace);
  const [oldest] = hosts.keys();
  if (hosts.size > MOST_HOSTS && oldest !== undefined) hosts.delete(oldest);
}

/** Takes an answer into the ledger; tells the digest that stood there before. */
function keep({ ledger, now }: DeskDeps, of: Repository, suffix: string, answer: RegistryAnswer): string | undefined {
  const key = keyOf(of, suffix);
  if (suffix.startsWith('@')) {
    if (answer.kind === 'digest') ledger.addHeld(`${of.registry}/${of.path}`, answer.digest);
    return undefined;
  }
  const before = ledger.tag(key)?.digest;
  if (answer.kind === 'digest') ledger.setTag(key, answer.digest, now());
  if (answer.kind === 'absent') ledger.dropTag(key);
  return before;
}

/** News only: the same answer every few hours is none. */
function tell(
  record: DeskDeps['record'],
  key: string,
  answer: RegistryAnswer,
  before: RegistryAnswer | undefined,
  known: string | undefined,
): void {
  if (answer.kind === 'digest') {
    const recovered = before !== undefined && before.kind !== 'digest';
    if (answer.digest === known && !recovered) return;
    const change = known === undefined || known === answer.digest ? '' : ` (it was ${known})`;
    record({
      type: 'lifecycle',
      what: 'digest-resolved',
      detail: `${key}: the registry has ${answer.digest}${change}`,
    });
  } else if (before?.kind !== answer.kind && !(answer.kind === 'absent' && key.includes('@'))) {
    // An image that a repository does not have is the business of the decision that asked.
    record({ type: 'lifecycle', what: 'digest-unresolved', detail: `${key}: ${answer.why}` });
  }
}

async function withPatience(
  answer: Promise<RegistryAnswer>,
  of: Repository,
  patienceMs: number,
): Promise<RegistryAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<RegistryAnswer>((resolve) => {
    const why = `${of.registry} gave no answer within ${patienceMs / 1000} s`;
    timer = setTimeout(() => resolve({ kind: 'away', why }), patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
