import type { Running, SettingsWords } from '../../running.ts';

/** Policies that all let through what the chores do, and differ in whether commits are refused. */
const POLICIES: readonly (SettingsWords & { readonly refusesCommits: boolean })[] = [
  { images: ['docker:cli'], commands: ['push'], refusesCommits: false },
  { images: ['docker:*', 'testcontainers/ryuk:*'], commands: ['commit', 'push'], refusesCommits: true },
  { images: ['docker:cli', 'localstack/localstack:4.2'], commands: ['push', 'login'], refusesCommits: false },
];

/** The policy of the soak's beginning. */
export const FIRST: SettingsWords = wordsOf(0);

/** Puts one policy after the other in force. */
export interface Reloads {
  /** Resolves to whether commits are refused from now on, until `done` is called; undefined when another reload runs. */
  next(): Promise<{ readonly refusesCommits: boolean; done(): void } | undefined>;
}

export function reloads(keeper: Running): Reloads {
  let current = 0;
  let busy = false;
  return {
    async next() {
      if (busy) return undefined;
      busy = true;
      const done = () => {
        busy = false;
      };
      current = (current + 1) % POLICIES.length;
      try {
        await keeper.apply(wordsOf(current));
      } catch (error) {
        done();
        throw error;
      }
      return { refusesCommits: POLICIES[current]?.refusesCommits === true, done };
    },
  };
}

function wordsOf(index: number): SettingsWords {
  const { refusesCommits: _, ...words } = POLICIES[index] ?? { refusesCommits: false };
  return words;
}
