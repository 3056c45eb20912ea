import type { Status } from '../../shared/ipc/status.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complain, printable, say } from './output.ts';
import { type StateOption, withRunning } from './running.ts';

/** `lockkeeper status`: whether it is on, what was blocked, and what is wrong. */
export async function status(options: StateOption & { readonly json?: boolean }): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const answer = await client.request('status', {});
    if (!answer.ok) {
      complain(answer.error.message);
      return exitCodes.failed.code;
    }
    say(options.json === true ? JSON.stringify(answer.value, null, 2) : statusText(answer.value));
    return exitCodes.ok.code;
  });
}

const enforcementWords = {
  enforcing: 'Enforcing',
  'not-enforced': 'Not enforced: the feature is switched off, everything passes',
  closed: 'No usable policy: every Docker socket in a container is refused',
} as const;

/** The header line, what is wrong with its remedy, and where things are. */
export function statusText(status: Status): string {
  const header = [
    enforcementWords[status.enforcement],
    counted(status.exceptions, 'exception'),
    `${status.counters.refusedToday} blocked today`,
    engineWords(status.engine),
    ...(status.policy.lockedBy === undefined ? [] : [`policy locked by ${status.policy.lockedBy}`]),
  ].join(' · ');
  const problems = status.problems.map(
    ({ text, remedy }) => `! ${text}${remedy === undefined ? '' : `\n  -> ${remedy}`}`,
  );
  const rows: readonly (readonly [string, string])[] = [
    ['engine', status.engine.endpoint],
    ['host gate', status.hostGate],
    ...status.standingSockets.map((path) => ['standing socket', path] as const),
    ['container sockets', String(status.containerSockets)],
    ['state folder', status.state],
    ['running since', `${status.startedAt} (process ${status.pid}, version ${status.version})`],
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(18)} ${value}`);
  return [header, ...problems, '', ...table].flatMap((text) => text.split('\n').map(printable)).join('\n');
}

function engineWords(engine: Status['engine']): string {
  if (!engine.reachable) {
    return `engine unreachable${engine.detail === undefined ? '' : ` (${engine.detail})`}`;
  }
  const detail = engine.detail === undefined ? '' : ` (${engine.detail})`;
  return `engine ${engine.version ?? 'of unknown version'}${detail}`;
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
