import type { CommandResult } from '../lab/command.ts';

/** What a step has to show, looked for in what the command printed on both streams. */
export interface Outcome {
  readonly succeeds: boolean;
  readonly says?: readonly (string | RegExp)[];
}

/** Prints the walk as a reader would type it, and keeps count of what did not come out as stated. */
export interface Walk {
  heading(text: string): void;
  note(text: string): void;
  /** Runs a command, prints it with its real output and checks the outcome. */
  step(shown: string, run: () => Promise<CommandResult>, outcome: Outcome): Promise<CommandResult>;
  readonly failures: readonly string[];
}

const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

export function startWalk(): Walk {
  const failures: string[] = [];
  let section = 0;
  return {
    failures,
    heading(text) {
      section += 1;
      console.log(`\n${bold(`${section}. ${text}`)}\n`);
    },
    note: (text) => console.log(text.startsWith('\n') ? text : `   ${text}`),
    async step(shown, run, outcome) {
      console.log(bold(`$ ${shown}`));
      const result = await run();
      const printed = `${result.stdout}${result.stderr}`.trimEnd();
      if (printed !== '') console.log(printed);
      const problems = differences(result, printed, outcome);
      console.log(problems.length === 0 ? '   ✓ as stated' : `   ✗ ${problems.join('; ')}`);
      for (const problem of problems) failures.push(`${shown}: ${problem}`);
      return result;
    },
  };
}

function differences(result: CommandResult, printed: string, { succeeds, says = [] }: Outcome): string[] {
  const problems: string[] = [];
  if ((result.code === 0) !== succeeds) {
    problems.push(`exit code ${result.code}, where it should ${succeeds ? 'succeed' : 'fail'}`);
  }
  for (const words of says) {
    const found = typeof words === 'string' ? printed.includes(words) : words.test(printed);
    if (!found) problems.push(`it does not say ${typeof words === 'string' ? `"${words}"` : words}`);
  }
  return problems;
}
