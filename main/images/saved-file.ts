import { writeAtomically } from '../state/write-atomically.ts';
import type { Reached } from '../steps/step.ts';

/** Writes in the background, one write at a time; what changes during one is in the next. */
export function savedFile(path: string, text: () => string, onProblem: (problem: string) => void, reached: Reached) {
  let writing: Promise<void> | undefined;
  let stale = false;
  let failing = false;
  const write = async () => {
    while (stale) {
      stale = false;
      try {
        await writeAtomically(path, text(), () => reached('digests-half-written'));
        reached('digests-written');
        failing = false;
      } catch (error) {
        // Once, not for every digest while the disk is full.
        if (!failing)
          onProblem(`${path} cannot be written (${String(error)}): after a restart digests are asked for anew.`);
        failing = true;
      }
    }
    writing = undefined;
  };
  return {
    changed() {
      stale = true;
      writing ??= write();
    },
    async flush() {
      await writing;
    },
  };
}
