import { Argument, Command, CommanderError, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { eventOutcomes, eventTypes } from '../../shared/journal/filter.ts';
import { type Shell, shells } from './completion/shell.ts';
import { type ExitCode, exitCodes, exitCodesHelp } from './exit-codes.ts';
import { collect, eventCount, portNumber } from './option-values.ts';
import { complain, say, surviveClosedOutput, type WhenUnread } from './output.ts';
import { addRefresh } from './refresh-command.ts';
import { ownPaths } from './running.ts';
import { withState } from './state-option.ts';

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

export interface Hooks {
  readonly json: boolean;
  /** The command goes on when nobody reads its output any more. */
  readonly outlivesReader: () => void;
  readonly finish: (code: ExitCode) => void;
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
  addRefresh(program, hooks);
  addDoctor(program, hooks);
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
  $ export DOCKER_HOST=unix://${hostGate}
  $ lockkeeper events --blocked --follow

Files:
  the policy          admin-settings.json, see 'lockkeeper policy'; check one with 'lockkeeper validate'
  state and journal   ${state}

${exitCodesHelp()}`;
}

function addServe(program: Command, { outlivesReader, finish }: Hooks): void {
  const { state, hostGate } = ownPaths();
  program
    .command('serve')
    .summary('stand between Docker clients and the engine')
    .description(
      `Stand between Docker clients and the engine until SIGINT or SIGTERM.
Prints one line, 'lockkeeper: ready …', when every socket accepts.`,
    )
    .option('--engine <url>', "the engine's endpoint (default: the one that Docker's tools would use)")
    .option('--host-gate <path>', `socket for Docker's tools on this host (default: ${hostGate})`)
    .option('--settings <file>', "settings file in place of the administrator's; refused while a locked one exists")
    .option('--state <dir>', `folder for state, journal and the sockets of containers (default: ${state})`)
    .option('--standing-socket <path>', 'a filtered socket for a tool that is no container; may be repeated', collect)
    .option(
      '--dashboard <port>',
      'serve the window to browsers on 127.0.0.1 at this port (0: any free one)',
      portNumber,
    )
    .option('--json', 'say what is said as JSON, one object a line')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    .action(async (options: ServeCommandOptions) => {
      outlivesReader();
      const [{ serve }, { startService }] = await Promise.all([import('./serve.ts'), import('../service/service.ts')]);
      const { standingSocket = [], ...rest } = options;
      finish(await serve({ ...rest, standingSockets: standingSocket }, startService));
    });
}

interface ServeCommandOptions {
  readonly engine?: string;
  readonly hostGate?: string;
  readonly settings?: string;
  readonly state?: string;
  readonly standingSocket?: readonly string[];
  readonly dashboard?: number;
  readonly json?: boolean;
}

function addStatus(program: Command, { finish }: Hooks): void {
  withState(program.command('status').summary('whether it is on, what was blocked, and what is wrong'))
    .description('Whether the running Lockkeeper enforces, what was blocked, what is wrong and what to do about it.')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('./status.ts')).status(options)));
}

function addEvents(program: Command, { finish }: Hooks): void {
  withState(program.command('events').summary('what was asked, and what became of it'))
    .description(
      `What was asked of the engine and what became of it, oldest first.
One line an event: time, outcome, command, image, reason, who asked.`,
    )
    .option('-f, --follow', 'go on with events as they happen')
    .option('--json', 'one JSON object a line, with all fields')
    .option('--blocked', 'only what was refused')
    .option('--no-passed', 'leave out requests that simply passed')
    .option('--container <id>', 'only events of this container; the beginning of its ID will do')
    .addOption(new Option('--type <type...>', 'only events of these types').choices(eventTypes))
    .addOption(new Option('--outcome <outcome...>', 'only decisions with these outcomes').choices(eventOutcomes))
    .option('-n, --limit <number>', 'so many events of the past', eventCount, 100)
    .option('--file [path]', 'read the journal file, which has earlier runs too, and needs no running Lockkeeper')
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper events --blocked             what was refused lately
  $ lockkeeper events --follow --json | jq 'select(.outcome == "refused") | .message'
  $ lockkeeper events --container 3f2a1b    what one container asked for`,
    )
    .action(async (options) => finish(await (await import('./events.ts')).events(options)));
}

function addPolicy(program: Command, { finish }: Hooks): void {
  withState(program.command('policy').summary('the effective policy as the enforcer holds it'))
    .description('The effective policy as the running enforcer holds it, and where each value comes from.')
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('./policy.ts')).policy(options)));
}

function addValidate(program: Command, { finish }: Hooks): void {
  program
    .command('validate')
    .summary('check a settings file before it is put in place')
    .description(
      'Check a settings file as the service would. Prints one line for each error and warning; exits 1 on errors.',
    )
    .argument('<file>', 'the settings file')
    .option('--json', 'as JSON')
    .action(async (file: string, options) => finish(await (await import('./validate.ts')).validate(file, options)));
}

function addDashboard(program: Command, { finish }: Hooks): void {
  withState(program.command('dashboard').summary('a link to the window in the browser'))
    .description(
      `Print a link that lets one browser in, once, to the window of the running Lockkeeper.
It was started with 'lockkeeper serve --dashboard PORT'.`,
    )
    .option('--json', 'as JSON')
    .action(async (options) => finish(await (await import('./dashboard.ts')).dashboard(options)));
}

function addCheck(program: Command, { finish }: Hooks): void {
  withState(program.command('check').summary('what would happen to a docker command, and why'))
    .description(
      `Say what would become of a docker command line or a create body, step by step, by the enforcer's own decision.
Nothing is done and nothing recorded. Asks the running Lockkeeper; where none runs, the settings files and the engine.`,
    )
    .argument('[command...]', "a docker command line, behind '--'")
    .option('--create <file>', "a body of POST /containers/create in place of a command line; '-' for standard input")
    .option('--from <where...>', 'which way in: host (default), filtered, container NAME, or socket PATH')
    .option('--engine <url>', 'engine to ask when no Lockkeeper runs')
    .option('--settings <file>', "settings file in place of the administrator's when no Lockkeeper runs")
    .option('--json', 'as JSON')
    .passThroughOptions()
    .addHelpText(
      'after',
      `
Examples:
  $ lockkeeper check -- docker run -v /var/run/docker.sock:/var/run/docker.sock docker:cli
  $ lockkeeper check --from container ci -- docker push registry.example.com/app
  $ lockkeeper check --from filtered --create body.json

${exitCodesHelp()}`,
    )
    .action(async (words: string[], options) => finish(await (await import('./check.ts')).check(words, options)));
}

function addDoctor(program: Command, { finish }: Hooks): void {
  withState(program.command('doctor').summary('what is set up wrongly on this machine, and the way out of each'))
    .description(
      `Look at what could lead Docker's tools and containers past Lockkeeper, one line a check, with what to do.
Asks the running Lockkeeper, and this terminal; where none runs, that is the first line, and the rest is looked at here.
Changes nothing. Exits 7 when something needs attention.`,
    )
    .option('--prove', 'have a real create with a local image refused, as proof; the journal has that refusal then')
    .option('--engine <url>', 'engine to ask when no Lockkeeper runs')
    .option('--settings <file>', "settings file in place of the administrator's when no Lockkeeper runs")
    .option('--json', 'as JSON')
    .addHelpText('after', `\n${exitCodesHelp()}`)
    .action(async (options) => finish(await (await import('./doctor.ts')).doctor(options)));
}

function addCompletion(program: Command, { finish }: Hooks): void {
  program
    .command('completion')
    .summary('a script that makes the shell complete commands and options')
    .description(
      `Print a script that makes a shell complete lockkeeper's commands, options and values:
  bash   source <(lockkeeper completion bash)
  zsh    source <(lockkeeper completion zsh)
  fish   lockkeeper completion fish | source`,
    )
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion/script.ts');
      say(completionScript(shell, program));
      finish(exitCodes.ok.code);
    });
}
