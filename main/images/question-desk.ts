import type { EventBody } from '../../shared/journal/event.ts';
import type { Clocks } from '../clocks/clocks.ts';
import { questionQueue } from '../engine/question-queue.ts';
import type { DigestLedger } from './digest-ledger.ts';
import { type Asked, type HostPace, paceAfter, restAnswer, restsOnLast } from './question-pace.ts';
import { plainFailure } from './registry-failure.ts';
import {
  type AskingDeps,
  askRegistry,
  inWords,
  isFailure,
  type RegistryAnswer,
  type Repository,
} from './registry-question.ts';
import { registryQueues } from './registry-queues.ts';

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
  readonly clocks: Clocks;
  /** Between 0 and 1, for waits that are not the same for everybody; by default Math.random. */
  readonly chance?: () => number;
}

/** Questions to one registry that may be under way at the same time: a slow one keeps no other waiting. */
const AT_ONCE = 4;
/** And to registries that only names of local images lead to, together: whoever may tag images can make up any number. */
const STRANGERS_AT_ONCE = 16;
/** What is remembered of questions and hosts; the oldest that rest go first. */
const MOST_QUESTIONS = 2000;
const MOST_HOSTS = 500;

export function questionDesk(deps: DeskDeps): QuestionDesk {
  const queues = registryQueues(AT_ONCE);
  const strangers = questionQueue(STRANGERS_AT_ONCE);
  const questions = new Map<string, Asked>();
  const hosts = new Map<string, HostPace>();
  const listeners = new Set<() => void>();
  const { wall, steady } = deps.clocks;

  const start = (of: Repository, suffix: string, asked: Asked, how: How) => {
    const key = keyOf(of, suffix);
    const ask = async () => {
      const startedAt = steady();
      const startedOn = wall();
      const paceBefore = hosts.get(of.registry);
      const resting =
        how.pressing && paceBefore?.last.kind !== 'limited' ? undefined : restAnswer(paceBefore, startedAt);
      const answer = resting ?? (await askRegistry(deps, of, suffix));
      const before = asked.last;
      asked.last = answer;
      asked.failingSince = isFailure(answer) ? (asked.failingSince ?? startedOn) : undefined;
      if (resting !== undefined) return answer;
      asked.answeredAt = steady();
      const asking = { answer, before: paceBefore, pace: hosts.get(of.registry), tookMs: asked.answeredAt - startedAt };
      setHost(hosts, of.registry, paceAfter(asking, asked.answeredAt, (deps.chance ?? Math.random)()));
      const known = keep(deps, of, suffix, answer);
      if (!how.quiet) tell(deps.record, key, answer, before, known);
      return answer;
    };
    const inTurn = () => queues.run(of.registry, key, how.urgent, ask);
    const running = how.quiet ? strangers.run(key, how.urgent, inTurn) : inTurn();
    asked.running = running;
    // Not by the task itself, which may be over before it is known here.
    void running.then(() => {
      asked.running = undefined;
      tellAll(listeners);
    });
    return running;
  };

  return {
    async ask(of, suffix, patienceMs, { quiet } = { quiet: false }) {
      const asked = questionOf(questions, keyOf(of, suffix));
      if (asked.running !== undefined) {
        queues.hurry(of.registry, keyOf(of, suffix));
        return withPatience(asked.running, of, patienceMs);
      }
      const now = steady();
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
      queues.hurry(of.registry, keyOf(of, suffix));
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
function keep(
  { ledger, clocks }: DeskDeps,
  of: Repository,
  suffix: string,
  answer: RegistryAnswer,
): string | undefined {
  const key = keyOf(of, suffix);
  if (suffix.startsWith('@')) {
    if (answer.kind === 'digest') ledger.addHeld(`${of.registry}/${of.path}`, answer.digest);
    return undefined;
  }
  const before = ledger.tag(key)?.digest;
  if (answer.kind === 'digest') ledger.setTag(key, answer.digest, clocks.wall());
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
    record({ type: 'lifecycle', what: 'digest-unresolved', detail: `${key}: ${inWords(answer)}` });
  }
}

async function withPatience(
  answer: Promise<RegistryAnswer>,
  of: Repository,
  patienceMs: number,
): Promise<RegistryAnswer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<RegistryAnswer>((resolve) => {
    const late = plainFailure(of, 'silent', `it has had ${patienceMs / 1000} s`);
    timer = setTimeout(() => resolve(late), patienceMs);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
