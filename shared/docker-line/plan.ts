import type { Command } from '../commands/command.ts';
import { commands } from '../commands/command-table.ts';
import { refusedCommands } from '../commands/refused-commands.ts';
import type { OperationId } from '../engine-api/operation.ts';
import { composeOperations } from './compose-operations.ts';
import type { DockerLine } from './docker-line.ts';
import { hasSubject, type PlannedRequest, type PlanResult, requestFor, UNKNOWN_NAME } from './planned-request.ts';
import { type Planner, planners } from './planners.ts';

/** More requests than this are no command line that somebody wants explained. */
export const MOST_REQUESTS_PLANNED = 200;

const commandsByName: ReadonlyMap<string, Command> = new Map(commands.map((command) => [command.name, command]));

/** Only their first argument names what they are about. */
const aboutFirst: ReadonlySet<string> = new Set([
  'container commit',
  'container diff',
  'container export',
  'container logs',
  'container port',
  'container rename',
  'container top',
  'image history',
  'image tag',
  'network connect',
  'network disconnect',
  'plugin upgrade',
  'service logs',
  'volume create',
  'network create',
]);

/** Finds out what a docker command line asks of the engine; `folder` is where it is run. */
export function planOf(line: DockerLine, folder: string): PlanResult {
  const found = planned(line, folder);
  if (!found.ok) return { ok: false, problem: `docker ${line.command}: ${found.problem}` };
  const { requests, image, notes } = found.plan;
  if (requests.length > MOST_REQUESTS_PLANNED) {
    const problem = `docker ${line.command}: it would send ${requests.length} requests; at most ${MOST_REQUESTS_PLANNED} are checked at once`;
    return { ok: false, problem };
  }
  const around =
    line.elsewhere === undefined
      ? []
      : [`the line names "${line.elsewhere}" itself; unless that is this Lockkeeper, it goes around it`];
  return { ok: true, plan: { requests, ...(image !== undefined && { image }), notes: [...around, ...notes] } };
}

function planned(line: DockerLine, folder: string): PlanResult {
  if (line.onlyHelp) return nothing('it shows help or a version, and asks the engine nothing that matters');
  const planner: Planner | undefined = planners[line.command];
  if (planner !== undefined) return planner(line, folder);
  const command = commandsByName.get(line.command);
  if (command !== undefined) return ordinary(command, line.args);
  if (line.command.startsWith('compose ')) return compose(line.command);
  return unlisted(line.command);
}

function nothing(note: string): PlanResult {
  return { ok: true, plan: { requests: [], notes: [note] } };
}

/** What the table says a command sends: first what it looks up, then what makes it that command. */
function ordinary(command: Command, args: readonly string[]): PlanResult {
  if (args.length === 0 && command.defining.every(hasSubject)) {
    return { ok: false, problem: 'the name of what it is about is missing' };
  }
  const always = command.needed.filter(({ optional }) => optional !== true).map(({ op }) => op);
  const lookUps = always.filter((op) => !command.defining.includes(op));
  const sometimes = command.needed.filter(({ optional }) => optional === true).map(({ op }) => op);
  const subjects = aboutFirst.has(command.name) ? args.slice(0, 1) : args;
  const inOrder = [...lookUps, ...always.filter((op) => command.defining.includes(op))];
  return {
    ok: true,
    plan: { requests: [...requestsFor(inOrder, subjects), ...atTimes(sometimes, subjects)], notes: [] },
  };
}

function requestsFor(operations: readonly OperationId[], subjects: readonly string[]): readonly PlannedRequest[] {
  const named = operations.some(hasSubject) ? subjects : [];
  const rounds = named.length === 0 ? [UNKNOWN_NAME] : named;
  const requests = rounds.flatMap((subject) => operations.flatMap((op) => requestFor(op, { subject }) ?? []));
  const seen = new Set<string>();
  return requests.filter(({ method, target }) => {
    const isNew = !seen.has(`${method} ${target}`);
    seen.add(`${method} ${target}`);
    return isNew;
  });
}

function atTimes(operations: readonly OperationId[], subjects: readonly string[]): readonly PlannedRequest[] {
  return requestsFor(operations, subjects).map((request) => ({
    ...request,
    condition: 'sometimes',
    why: 'with some flags, objects or client versions',
  }));
}

const composeNote =
  'what compose asks for depends on its file, which is not read here: what a container of it would mount can be checked with --create';

function compose(name: string): PlanResult {
  const known = refusedCommands.find((command) => command.name === name);
  const always = known?.uses ?? composeOperations[name] ?? [];
  const requests = [...requestsFor(always, []), ...atTimes(known?.usesAtTimes ?? [], [])];
  return { ok: true, plan: { requests, notes: [composeNote] } };
}

/** `stack`, `buildx`, and what does not ask the engine at all. */
function unlisted(name: string): PlanResult {
  const known =
    refusedCommands.find((command) => command.name === name) ??
    refusedCommands.find((command) => command.name === name.split(' ')[0]);
  const requests = [...requestsFor(known?.uses ?? [], []), ...atTimes(known?.usesAtTimes ?? [], [])];
  const note =
    requests.length === 0
      ? `docker ${name}: no request to the engine is known for it${known === undefined ? '' : ` (${known.refusedAtLoad})`}`
      : `docker ${name} is explained by what it uses; the rest depends on its files and flags`;
  return { ok: true, plan: { requests, notes: [note] } };
}
