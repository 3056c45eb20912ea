import type { RegistryAnswer } from './registry-question.ts';

/** Every answer to a question costs a manifest GET, which Docker Hub counts as a pull: this long it is not repeated. */
const PACE_MS = 2 * 60_000;
/** Missing credentials cost nothing to find out and are soon put right. */
const DENIED_PACE_MS = 5000;

/** The wait after the first failure, doubled by each further one up to the longest. */
const BACK_OFF = {
  limited: { first: 60_000, longest: 30 * 60_000 },
  broken: { first: 5000, longest: 10 * 60_000 },
  /** Asking costs the registry nothing, and people mend their network and try again. */
  away: { first: 250, longest: 30_000 },
} as const;

type Failure = keyof typeof BACK_OFF;

/** What is known of one question: its last answer, and when it may be asked again. */
export interface Asked {
  running: Promise<RegistryAnswer> | undefined;
  last: RegistryAnswer | undefined;
  /** When `last` came, milliseconds since 1970. */
  answeredAt: number;
  /** When somebody's check last asked it, as opposed to the schedule. */
  demandedAt: number;
  /** Since when it comes to nothing, milliseconds since 1970; undefined while it is answered. */
  failingSince: number | undefined;
}

/** Whether the registry has told what it has, be it nothing. */
export function isAnswered({ kind }: RegistryAnswer): boolean {
  return kind === 'digest' || kind === 'absent';
}

/** How a registry host has behaved lately. */
export interface HostPace {
  readonly failures: number;
  /** Milliseconds since 1970, and how many of them to leave it alone from then on. */
  readonly restFrom: number;
  readonly restMs: number;
  readonly why: string;
  readonly kind: Failure;
}

function isFailure(answer: RegistryAnswer): answer is Extract<RegistryAnswer, { kind: Failure }> {
  return answer.kind in BACK_OFF;
}

/** Whether that long has not passed yet. A clock that was set back must not make it last until it has caught up. */
function isWithin(from: number, milliseconds: number, now: number): boolean {
  return now >= from && now - from < milliseconds;
}

/** The answer in place of one from a host that is left alone for now. */
export function restAnswer(pace: HostPace | undefined, now: number): RegistryAnswer | undefined {
  if (pace === undefined || !isWithin(pace.restFrom, pace.restMs, now)) return undefined;
  const seconds = Math.ceil((pace.restFrom + pace.restMs - now) / 1000);
  return { kind: pace.kind, why: `${pace.why}; it is asked again in ${seconds} s` };
}

/** Whether a check has to be content with the last answer. */
export function restsOnLast(asked: Asked, now: number): boolean {
  switch (asked.last?.kind) {
    case 'digest':
    case 'absent':
      return isWithin(asked.demandedAt, PACE_MS, now);
    case 'denied':
      return isWithin(asked.answeredAt, DENIED_PACE_MS, now);
    default:
      return false;
  }
}

/**
 * How the host is left alone after a question that failed. `before` is what was known of it when the question was asked,
 * `pace` what is known now, and `tookMs` how long finding out took.
 */
export function paceAfter(
  answer: RegistryAnswer,
  before: HostPace | undefined,
  pace: HostPace | undefined,
  tookMs: number,
  now: number,
): HostPace | undefined {
  if (!isFailure(answer)) return undefined;
  // Questions that were under way together fail together: that is one failure.
  if (pace !== undefined && pace !== before) return pace;
  const failures = (pace?.failures ?? 0) + 1;
  const { first, longest } = BACK_OFF[answer.kind];
  // Where finding out takes long (a network that swallows packets), callers are spared that for as long again.
  const rest = Math.min(Math.max(first * 2 ** (failures - 1), tookMs), longest);
  return { failures, restFrom: now, restMs: rest, why: answer.why, kind: answer.kind };
}
