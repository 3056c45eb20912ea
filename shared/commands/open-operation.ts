import type { OperationId } from '../engine-api/operation.ts';
import { type CommandList, compileCommandList } from './command-list.ts';
import { resolveName } from './command-names.ts';
import { commands } from './command-table.ts';
import { operationsDeniedBy } from './operation-reach.ts';

/**
 * A deny list that lets an operation through and otherwise refuses what it refused before, as far as commands can say
 * that: entries that refuse the operation leave it, and of a group the other commands take the group's place.
 */
export function stopDenying(names: readonly string[], operation: OperationId): readonly string[] {
  const left = names.filter((name) => !denies(name, operation));
  const refused = new Set(left.flatMap(deniedBy));
  const wanted = new Set(names.flatMap(deniedBy).filter((one) => one !== operation && !refused.has(one)));
  const added: string[] = [];
  for (const { name, defining } of commands) {
    if (denies(name, operation) || !defining.some((one) => wanted.has(one))) continue;
    // What the old list let through must not be refused now.
    if (!deniedBy(name).every((one) => wanted.has(one) || refused.has(one))) continue;
    added.push(name);
    for (const one of deniedBy(name)) {
      wanted.delete(one);
      refused.add(one);
    }
  }
  return [...left, ...added];
}

/** The command that has to join an allow list for an operation to pass: of several the one that opens least. */
export function commandAllowing(list: CommandList & { type: 'allow' }, operation: OperationId): string | undefined {
  const candidates = commands
    .filter(({ needed }) => needed.some(({ op, scope }) => op === operation && scope === undefined))
    .map(({ name, defining }) => ({
      name,
      defines: defining.includes(operation),
      opens: opened(list, [...list.source.commands, name]),
    }));
  candidates.sort((one, other) => one.opens - other.opens || Number(other.defines) - Number(one.defines));
  return candidates[0]?.name;
}

function denies(name: string, operation: OperationId): boolean {
  return deniedBy(name).includes(operation);
}

function deniedBy(name: string): readonly OperationId[] {
  const found = resolveName(name);
  return found.ok ? operationsDeniedBy(found.named) : [];
}

/** How many operations an allow list with these commands permits that the list does not. */
function opened(list: CommandList & { type: 'allow' }, names: readonly string[]): number {
  const compiled = compileCommandList({ type: 'allow', commands: names });
  if (!compiled.ok || compiled.list.type !== 'allow') return Number.POSITIVE_INFINITY;
  return [...compiled.list.permitted].filter(([id, scope]) => list.permitted.get(id) !== scope).length;
}
