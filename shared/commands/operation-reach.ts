import { type OperationId, operationsUnder } from '../engine-api/operation.ts';
import type { Need } from './command.ts';
import type { NamedCommand } from './command-names.ts';
import { commands } from './command-table.ts';
import { refusedCommands } from './refused-commands.ts';

const commandsByName = new Map(commands.map((command) => [command.name, command]));

/** Every operation that some docker command sends. What is not among them is new to us, or no client's business. */
export const listableOperations: ReadonlySet<OperationId> = new Set([
  ...commands.flatMap((command) => command.needed.map((need) => need.op)),
  ...refusedCommands.flatMap((command) => [...command.uses, ...command.usesAtTimes]),
]);

function deniedByCommand(name: string): readonly OperationId[] {
  const command = commandsByName.get(name);
  return command === undefined ? [] : [...command.defining, ...command.alsoDenied];
}

/** What an entry of a deny list refuses. */
export function operationsDeniedBy(named: NamedCommand): readonly OperationId[] {
  if (named.kind === 'command') return deniedByCommand(named.command.name);
  const { denies, deniesUnder } = named.group;
  return [...new Set([...denies.flatMap(deniedByCommand), ...deniesUnder.flatMap(operationsUnder)])];
}

/** What an entry of an allow list permits. */
export function needsAllowedBy(named: NamedCommand): readonly Need[] {
  if (named.kind === 'command') return named.command.needed;
  const { allows, allowsToo } = named.group;
  return [...allows.flatMap((name) => commandsByName.get(name)?.needed ?? []), ...allowsToo.map((op) => ({ op }))];
}
