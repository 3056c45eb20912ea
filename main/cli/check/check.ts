import { resolve } from 'node:path';
import {
  type CheckInput,
  type CheckOutput,
  type CheckReport,
  checkInputSchema,
  type WayIn,
} from '../../../shared/ipc/check.ts';
import type { Answer, ControlError } from '../../../shared/ipc/contract.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { complain, complainError, say } from '../output.ts';
import { connectRunning, type StateOption, stateFolder } from '../running.ts';
import { readCreateInput } from './create-body.ts';

export interface CheckOptions extends StateOption {
  /** File of a create body, `-` for standard input. */
  readonly create?: string;
  /** `host`, `filtered`, or `container` and `socket` with what follows. */
  readonly from?: readonly string[];
  readonly engine?: string;
  readonly settings?: string;
  readonly json?: boolean;
}

/** A check may wait for a registry, as a container's create does. */
const TIMEOUT_MS = 60_000;

const verdictCodes = {
  allowed: exitCodes.ok.code,
  blocked: exitCodes.blocked.code,
  undecided: exitCodes.undecided.code,
} as const;

/** `lockkeeper check`: what would happen, and why; asked of the running Lockkeeper where there is one. */
export async function check(words: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { json } = options;
  const input = await readInput(words, options);
  if (!input.ok) {
    complain(input.message, { json, name: 'usage' });
    return exitCodes.usage.code;
  }
  const asked = await ask(input.value, options);
  if (!asked.ok) {
    complainError(asked.error, json);
    return asked.error.name === 'invalid-request' ? exitCodes.usage.code : exitCodes.failed.code;
  }
  const { output, by } = asked.value;
  if (output.kind === 'unreadable') {
    complain(output.message, { json, name: 'usage' });
    return exitCodes.usage.code;
  }
  if (output.kind === 'no-such-way-in') {
    complain(output.message, { json, name: 'no-such-way-in' });
    return exitCodes.failed.code;
  }
  await show(output, by, json);
  return verdictCodes[output.verdict];
}

async function show(report: CheckReport, by: Asked['by'], json = false): Promise<void> {
  if (json) {
    const { kind: _kind, ...rest } = report;
    say(JSON.stringify({ by, ...rest }, null, 2));
    return;
  }
  const { checkText } = await import('./text.ts');
  say(checkText(report, by));
}

type Input = { readonly ok: true; readonly value: CheckInput } | { readonly ok: false; readonly message: string };

async function readInput(words: readonly string[], options: CheckOptions): Promise<Input> {
  const from = wayIn(options.from ?? ['host']);
  if (typeof from === 'string') return { ok: false, message: from };
  if ((options.create === undefined) === (words.length === 0)) {
    return {
      ok: false,
      message: "give a docker command line behind '--', or a create body with --create: see 'lockkeeper check --help'",
    };
  }
  const asked = options.create === undefined ? { ok: true as const, words } : await readCreateInput(options.create);
  if (!asked.ok) return asked;
  const ask =
    'words' in asked
      ? { kind: 'docker', words: asked.words, folder: process.cwd() }
      : { kind: 'create', body: asked.body };
  const parsed = checkInputSchema.safeParse({ from, ask });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, message: `that is more than can be checked at once (${parsed.error.issues[0]?.message ?? ''})` };
}

/** The way in that `--from` names, or what is wrong with it. */
function wayIn([kind = '', name, ...more]: readonly string[]): WayIn | string {
  const named = name !== undefined && name !== '' && more.length === 0;
  switch (kind) {
    case 'host':
    case 'filtered':
      return name === undefined
        ? { kind }
        : `--from ${kind} takes nothing behind it; write '--' before the docker command`;
    case 'container':
      return named ? { kind, name } : '--from container needs a name or an ID';
    case 'socket':
      return named ? { kind, path: resolve(name) } : '--from socket needs a path';
    default:
      return `--from takes host, filtered, container NAME or socket PATH, not "${kind}"`;
  }
}

interface Asked {
  readonly output: CheckOutput;
  /** `running`: the Lockkeeper that runs; `files`: the settings files and the engine, as none runs. */
  readonly by: 'running' | 'files';
}

async function ask(input: CheckInput, options: CheckOptions): Promise<Answer<Asked>> {
  const connected = await connectRunning(options, TIMEOUT_MS);
  if (connected.ok) {
    const client = connected.value;
    const answer = await client.request('check', input);
    client.close();
    return answer.ok ? { ok: true, value: { output: answer.value, by: 'running' } } : answer;
  }
  // Somebody runs whom we may not ask: what the files say might not be what counts there.
  if (connected.error.name !== 'not-running') return connected;
  const { checkAlone } = await import('./alone.ts');
  const { engine, settings } = options;
  const alone = await checkAlone(input, {
    stateFolder: stateFolder(options),
    ...(engine !== undefined && { engine }),
    ...(settings !== undefined && { settings }),
  });
  if (alone.ok) return { ok: true, value: { output: alone.output, by: 'files' } };
  const error: ControlError = { name: 'invalid-request', message: alone.message };
  return { ok: false, error };
}
