import type { ExitCode } from '../exit-codes.ts';

/** What a command may tell the program that runs it. */
export interface Hooks {
  readonly json: boolean;
  /** The command goes on when nobody reads its output any more. */
  readonly outlivesReader: () => void;
  readonly finish: (code: ExitCode) => void;
}
