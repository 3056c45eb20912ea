import type { Command, Need } from '../commands/command.ts';
import { commands } from '../commands/command-table.ts';
import type { DescribedCommand, DescribedOperation } from '../ipc/policy.ts';

/** What becomes of every docker command on a filtered socket, from what becomes of the operations that it sends. */
export function describeCommands(operations: readonly DescribedOperation[]): readonly DescribedCommand[] {
  const byId = new Map<string, DescribedOperation[]>();
  for (const operation of operations) byId.set(operation.id, [...(byId.get(operation.id) ?? []), operation]);
  return commands.map((command) => describeCommand(command, byId));
}

type ById = ReadonlyMap<string, readonly DescribedOperation[]>;

function describeCommand(command: Command, byId: ById): DescribedCommand {
  const { name, aliases, group, note } = command;
  const sent = command.needed.flatMap((need) => (byId.get(need.op) ?? []).map((operation) => ({ need, operation })));
  const stopped = sent.find(({ need, operation }) => isVital(command, need, byId) && operation.verdict === 'refuse');
  return {
    name,
    aliases,
    ...(group !== undefined && { group }),
    ...(note !== undefined && { note }),
    ...(stopped === undefined
      ? { verdict: passes(sent) }
      : { verdict: 'blocked' as const, rule: stopped.operation.rule ?? '', by: stopped.operation.request }),
    operations: sent.map(({ need, operation }) => ({
      request: operation.request,
      verdict: operation.verdict,
      ...(operation.rule !== undefined && { rule: operation.rule }),
      part: partOf(command, need),
    })),
  };
}

/** Whether the command cannot do without it: an operation that comes in two kinds works while one of them passes. */
function isVital({ defining }: Command, { op, optional }: Need, byId: ById): boolean {
  const kinds = byId.get(op) ?? [];
  return kinds.every(({ verdict }) => verdict === 'refuse') && (optional !== true || isOnlyWay(defining, op, byId));
}

/** Where a command has several ways, as `build` has, it is blocked once all of them are. */
function isOnlyWay(defining: Command['defining'], op: Need['op'], byId: ById): boolean {
  if (!defining.includes(op)) return false;
  return defining.every((one) => (byId.get(one) ?? []).every(({ verdict }) => verdict === 'refuse'));
}

type Sent = readonly { readonly need: Need; readonly operation: DescribedOperation }[];

function passes(sent: Sent): 'allowed' | 'partly' | 'own' {
  if (sent.some(({ operation }) => operation.verdict === 'refuse')) return 'partly';
  return sent.some(({ operation }) => operation.verdict === 'own') ? 'own' : 'allowed';
}

function partOf({ defining }: Command, { op, optional }: Need): 'defining' | 'needed' | 'at-times' {
  if (defining.includes(op)) return 'defining';
  return optional === true ? 'at-times' : 'needed';
}
