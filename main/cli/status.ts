import { beyondLimits, type RequestCounts, type Status } from '../../shared/ipc/status.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complainError, printable, say } from './output.ts';
import { type StateOption, withRunning } from './running.ts';

/** `lockkeeper status`: whether it is on, what was blocked, and what is wrong. */
export async function status(options: StateOption & { readonly json?: boolean }): Promise<ExitCode> {
  return withRunning(options, async (client) => {
    const answer = await client.request('status', {});
    if (!answer.ok) {
      complainError(answer.error, options.json);
      return exitCodes.failed.code;
    }
    say(options.json === true ? JSON.stringify(answer.value, null, 2) : statusText(answer.value));
    return exitCodes.ok.code;
  });
}

const enforcementWords = {
  enforcing: 'Enforcing',
  observing: 'Observing: nothing is blocked, what would be is recorded',
  'not-enforced': 'Not enforced: the feature is switched off, everything passes',
  closed: 'No usable policy: every Docker socket in a container is refused',
} as const;

/** The header line, what is wrong with its remedy, and where things are. */
export function statusText(status: Status): string {
  const header = [
    `${enforcementWords[status.enforcement]}${untilWords(status.observingUntil)}`,
    counted(status.exceptions, 'exception'),
    `${status.counters.refusedToday} blocked today`,
    engineWords(status.engine),
    ...(status.policy.lockedBy === undefined ? [] : [`policy locked by ${status.policy.lockedBy}`]),
  ].join(' · ');
  const problems = status.problems.map(
    ({ text, remedy }) => `! ${text}${remedy === undefined ? '' : `\n  -> ${remedy}`}`,
  );
  const table = rowsOf(status).map(([name, value]) => `${name.padEnd(18)} ${value}`);
  return [header, ...problems, '', ...table].flatMap((text) => text.split('\n').map(printable)).join('\n');
}

function untilWords(until: string | undefined): string {
  return until === undefined ? '' : `, until ${until}`;
}

type Row = readonly [name: string, value: string];

function rowsOf(status: Status): readonly Row[] {
  return [
    [
      'engine',
      `${status.engine.endpoint} (${status.engine.reachable ? 'reachable' : 'unreachable'} since ${status.engine.since})`,
    ],
    ['policy', policyWords(status.policy)],
    ...status.policy.files.map((file): Row => ['  from', file]),
    ...status.policy.warnings.map((warning): Row => ['  warning', warning]),
    ...status.listeners.map(
      ({ kind, path, requests }): Row => [kind.replace('-', ' '), `${path} (${countWords(requests)})`],
    ),
    ['container sockets', String(status.containerSockets)],
    ...status.holders.map(
      ({ containerId, image, entry, targets, requests, cutOffSince }): Row => [
        `  ${containerId.slice(0, 12)}`,
        `${image} at ${targets.join(', ')}, by "${entry}" (${countWords(requests)})${cutOffWords(cutOffSince)}`,
      ],
    ),
    ...limitRows(status),
    ['past Lockkeeper', rawWords(status.rawHolders)],
    ['set-up', setUpWords(status.setUp)],
    ['journal', `${status.journal.file}${status.journal.trouble === undefined ? '' : ' (not written now)'}`],
    ['  events', `${status.counters.events}, ${status.counters.lostLines} lines lost`],
    ['state folder', status.state],
    [
      'running since',
      `${status.startedAt}, ${uptimeWords(status.uptimeSeconds)} (process ${status.pid}, version ${status.version})`,
    ],
  ];
}

/** Only where somebody wanted more than one may have: nobody need read of what did not happen. */
function limitRows({ connections, counters }: Status): readonly Row[] {
  const { gaveWay, turnedAway, tooLarge } = beyondLimits(connections, counters);
  if (gaveWay + turnedAway + tooLarge === 0) return [];
  const crowd = `${counted(connections.open, 'connection')} open, ${gaveWay} closed for others, ${turnedAway} turned away`;
  return [['beyond limits', `${crowd}, ${counted(tooLarge, 'request')} too large; see 'lockkeeper doctor'`]];
}

const policyStates = {
  'in-force': 'in force',
  'last-good': 'the last good one, as a settings file cannot be used',
  closed: 'none that can be used',
} as const;

function policyWords({ state, generation, lastGoodFrom }: Status['policy']): string {
  const from = lastGoodFrom === undefined ? '' : `, stored ${lastGoodFrom}`;
  return `${policyStates[state]}${from} (generation ${generation})`;
}

function cutOffWords(since: string | undefined): string {
  return since === undefined ? '' : `, cut off since ${since}`;
}

function rawWords({ running, stopped }: Status['rawHolders']): string {
  if (running + stopped === 0) return "no container that holds the engine's own socket";
  return `${counted(running, 'running container')}, ${stopped} stopped`;
}

function setUpWords(setUp: Status['setUp']): string {
  if (setUp === undefined) return 'not looked at yet';
  if (setUp.failed.length === 0) return `nothing needs attention (looked at ${setUp.checkedAt})`;
  return `needs attention: ${setUp.failed.join(', ')}; see 'lockkeeper doctor'`;
}

function countWords({ passed, refused, granted, observed }: RequestCounts): string {
  const onlyObserved = observed === 0 ? '' : `, ${observed} observed`;
  return `${passed} passed, ${refused} blocked, ${granted} granted${onlyObserved}`;
}

function uptimeWords(seconds: number): string {
  const parts = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const [days = 0, hours = 0, minutes = 0] = parts;
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
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
