import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addDashboard } from './commands/dashboard.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import type { Hooks } from './commands/hooks.ts';
import { addObserve } from './commands/observe.ts';
import { addPin } from './commands/pin.ts';
import { addPolicy } from './commands/policy.ts';
import { addRefresh } from './commands/refresh.ts';
import { addServe } from './commands/serve.ts';
import { addStatus } from './commands/status.ts';
import { addValidate } from './commands/validate.ts';
import { type ExitCode, exitCodes, exitCodesHelp } from './exit-codes.ts';
import { complain, surviveClosedOutput, type WhenUnread } from './output.ts';
import { ownPaths } from './running.ts';

/** Runs one command line (without the program's own name) and resolves to its exit code; never rejects. */
export async function run(argv: readonly string[]): Promise<number> {
  let code: ExitCode = exitCodes.ok.code;
  let whenUnread: WhenUnread = 'end';
  surviveClosedOutput(() => whenUnread);
  const program = createProgram({
    json: wantsJson(argv),
    outlivesReader: () => {
      whenUnread = 'go-on';
    },
    finish: (result) => {
      code = result;
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok.code : exitCodes.usage.code;
    }
    const detail = error instanceof Error ? error.message : String(error);
    complain(`internal error: ${detail}; please report this`, { json: wantsJson(argv), name: 'internal-error' });
    return exitCodes.failed.code;
  }
}

/** Whether complaints are to be JSON, which has to be known before the command line is understood. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
}

/** The whole command line as commander has it; help and completion are made from it. */
export function createProgram(hooks: Hooks): Command {
  const program = new Command('lockkeeper')
    .description(packageJson.description)
    .version(packageJson.version, '-V, --version', 'print the version and end')
    .helpOption('-h, --help', 'show this help; a command has its own: lockkeeper events --help')
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ outputError: (text) => complain(usageText(text), { json: hooks.json, name: 'usage' }) })
    .addHelpText('after', programHelp());
  addServe(program, hooks);
  addStatus(program, hooks);
  addEvents(program, hooks);
  addPolicy(program, hooks);
  addValidate(program, hooks);
  addCheck(program, hooks);
  addPin(program, hooks);
  addRefresh(program, hooks);
  addDoctor(program, hooks);
  addObserve(program, hooks);
  addCompletion(program, hooks);
  addDashboard(program, hooks);
  for (const command of program.commands) command.helpOption('-h, --help', 'show this help');
  return program;
}

/** Commander's complaint in our form: one line that names the thing and where to look. */
function usageText(text: string): string {
  const message = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  return `${message}; see 'lockkeeper --help'`;
}

function programHelp(): string {
  const { state, hostGate } = ownPaths();
  return `
Run 'lockkeeper serve', point Docker's tools at it, and see what was blocked and why:
  $ lockkeeper serve
  $ export DOCKER_HOST=${socketUrl(hostGate)}
  $ lockkeeper events --blocked --follow

Files:
  the policy          admin-settings.json, see 'lockkeeper policy'; check one with 'lockkeeper validate'
  state and journal   ${state}

${exitCodesHelp()}`;
}
