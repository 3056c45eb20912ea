import type { CheckName, SetUpCheck } from '../../../shared/ipc/set-up.ts';

/** What has to be so before anything is protected, each of use only when those before it are: the order of the page. */
export const firstRunChecks = [
  'engine',
  'policy',
  'docker-context',
  'blocked-mount',
] as const satisfies readonly CheckName[];

export interface Sequence {
  /** Those whose turn has come, in their order. */
  readonly shown: readonly SetUpCheck[];
  /** The last of them still wants something of the user; undefined when all are settled. */
  readonly open: SetUpCheck | undefined;
}

/** Lets the next check come when the one before is in order, or the user has gone on past it. */
export function sequenceOf(checks: readonly SetUpCheck[], past: ReadonlySet<string>): Sequence {
  const inOrder = firstRunChecks.flatMap((name) => checks.filter(({ check }) => check === name));
  const at = inOrder.findIndex((one) => !isProven(one) && !past.has(one.check));
  return at === -1 ? { shown: inOrder, open: undefined } : { shown: inOrder.slice(0, at + 1), open: inOrder[at] };
}

/** That a mount would be refused is said by the decision alone: what proves it is a container that was. */
function isProven({ check, state, finding }: SetUpCheck): boolean {
  return check === 'blocked-mount' ? finding === 'refused' : state === 'pass';
}
