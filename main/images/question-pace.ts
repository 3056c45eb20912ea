import { isFailure, type RegistryAnswer, type RegistryFailure } from './registry-question.ts';

/** Every answer to a question costs a manifest GET, which Docker Hub counts as a pull: this long it is not repeated. */
const PACE_MS = 2 * 60_000;
/** Missing credentials cost nothing to find out and are soon put right. */
const DENIED_PACE_MS = 5000;

/** The wait after the first failure, doubled by each further one of its kind up to the longest. */
const BACK_OFF = {
  limited: { first: 60_000, longest: 30 * 60_000 },
  broken: { first: 5000, longest: 10 * 60_000 },
  /** Asking costs the registry nothing, and people mend their network and try again. */
  away: { first: 250, longest: 30_000 },
} as const;

/** No wait that a registry asks for is shorter: some tell microseconds. */
const LEAST_TOLD_MS = 1000;
/** As much of a wait is added by chance at most, so that all who were turned away together do not come back together. */
const MOST_JITTER = 0.5;

type Failure = keyof typeof BACK_OFF;

/** What is known of one question: its last answer, and when it may be asked again. */
export interface Asked {
  running: Promise<RegistryAnswer> | undefined;
  last: RegistryAnswer | undefined;
  /** When `last` came, by the steady clock (see Clocks). */
  answeredAt: number;
  /** When somebody's check last asked it, as opposed to the schedule; by the same clock. */
  demandedAt: number;
  /** Since when it comes to nothing, milliseconds since 1970; undefined while it is answered. */
  failingSince: number | undefined;
}

/** How a registry host has behaved lately. */
export interface HostPace {
  /** Failures of this kind, one after the other. */
  readonly failures: number;
  /** By the steady clock, in milliseconds, and how many of them to leave it alone from then on. */
  readonly restFrom: number;
  readonly restMs: number;
  readonly last: PacedFailure;
}

type PacedFailure = RegistryFailure & { readonly kind: Failure };

function isPaced(answer: RegistryAnswer): answer is PacedFailure {
  return answer.kind in BACK_OFF;
}

/** The answer in place of one from a host that is left alone for now. */
export function restAnswer(pace: HostPace | undefined, now: number): RegistryAnswer | undefined {
  if (pace === undefined || now - pace.restFrom >= pace.restMs) return undefined;
  const seconds = Math.ceil((pace.restFrom + pace.restMs - now) / 1000);
  return { ...pace.last, why: `${pace.last.why}, and is asked again in ${seconds} s` };
}

/** Whether a check has to be content with the last answer. */
export function restsOnLast(asked: Asked, now: number): boolean {
  switch (asked.last?.kind) {
    case 'digest':
    case 'absent':
      return now - asked.demandedAt < PACE_MS;
    case 'denied':
      return now - asked.answeredAt < DENIED_PACE_MS;
    default:
      return false;
  }
}

/** A question that came to its end, and what was known of its host before and after. */
export interface Asking {
  readonly answer: RegistryAnswer;
  /** What was known of the host when the question was asked. */
  readonly before: HostPace | undefined;
  /** What is known of it now: others have asked, too. */
  readonly pace: HostPace | undefined;
  /** How long finding out took, in milliseconds. */
  readonly tookMs: number;
}

/** How the host is left alone after a question. `chance` is between 0 and 1. */
export function paceAfter(asking: Asking, now: number, chance: number): HostPace | undefined {
  const { answer, before, pace, tookMs } = asking;
  // The engine has not asked: that says nothing about the host.
  if (answer.kind === 'unasked') return pace;
  if (!isFailure(answer) || !isPaced(answer)) return undefined;
  // Questions that were under way together fail together: that is one failure.
  if (pace !== undefined && pace !== before) return pace;
  // A network that was away for hours is no reason to stay away for long from a registry that is busy for once.
  const failures = (pace?.last.kind === answer.kind ? pace.failures : 0) + 1;
  const restMs = waitAfter(answer, failures, tookMs) * (1 + MOST_JITTER * chance);
  return { failures, restFrom: now, restMs, last: answer };
}

function waitAfter({ kind, toldWaitMs }: PacedFailure, failures: number, tookMs: number): number {
  const { first, longest } = BACK_OFF[kind];
  const least = toldWaitMs === undefined ? first : Math.max(toldWaitMs, LEAST_TOLD_MS);
  // Where finding out takes long (a network that swallows packets), callers are spared that for as long again.
  return Math.min(Math.max(least * 2 ** (failures - 1), tookMs), Math.max(longest, least));
}
