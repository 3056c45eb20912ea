import { isDeepStrictEqual } from 'node:util';
import type { SetUp, SetUpAction, SetUpCheck } from '../../shared/ipc/set-up.ts';
import { checkSetUp } from './check.ts';
import { selectFormerContext, selectOurContext } from './docker-context.ts';
import type { Machine } from './machine.ts';
import { type ProveDeps, proveBlockedMount } from './prove.ts';

export interface SetUpDeps {
  readonly machine: Machine;
  readonly prove: ProveDeps;
  readonly failed: (error: unknown) => void;
}

/** How it stands with the set-up of this machine, looked at when something has changed, now and then, and when asked. */
export interface SetUpWatch {
  /** As it was found last; undefined until it was looked at once. */
  last(): SetUp | undefined;
  check(): Promise<SetUp>;
  /** Does what a check offers, and checks again; words say what went wrong. */
  act(action: SetUpAction): Promise<SetUp | string>;
  /** Something that checks go by is not as it was: they are made again soon. */
  changed(): void;
  /** Told when a check has another outcome. Returns what ends that. */
  onChange(listener: () => void): () => void;
  stop(): void;
}

/** Changes of so many milliseconds are looked at together. */
const PACE_MS = 2_000;
/** How often it is looked for what tells nobody: contexts, groups, ports. */
const AGAIN_MS = 10 * 60_000;

export function watchSetUp({ machine, prove, failed }: SetUpDeps): SetUpWatch {
  const listeners = new Set<() => void>();
  let last: SetUp | undefined;
  let soon: NodeJS.Timeout | undefined;
  let isStopped = false;

  const keep = (checks: readonly SetUpCheck[]): SetUp => {
    const before = last?.checks;
    last = { checks: [...checks], checkedAt: new Date().toISOString() };
    if (!isDeepStrictEqual(before, last.checks)) for (const listener of listeners) listener();
    return last;
  };
  const check = async () => keep(await checkSetUp(machine));
  const again = () => {
    if (!isStopped) check().catch(failed);
  };
  const timer = setInterval(again, AGAIN_MS);
  timer.unref();

  return {
    last: () => last,
    check,
    async act(action) {
      if (action === 'prove') {
        const proof = await proveBlockedMount(prove);
        const { checks, checkedAt } = await check();
        // Kept by whoever asked for it, and not as what is so: the next look tries nothing.
        return { checks: checks.map((one) => (one.check === proof.check ? proof : one)), checkedAt };
      }
      const problem = await (action === 'use-context' ? selectOurContext(machine) : selectFormerContext(machine));
      return problem ?? check();
    },
    changed() {
      if (isStopped || soon !== undefined) return;
      soon = setTimeout(() => {
        soon = undefined;
        again();
      }, PACE_MS);
      soon.unref();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(soon);
    },
  };
}
