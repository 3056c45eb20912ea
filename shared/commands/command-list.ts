import type { Operation, OperationId } from '../engine-api/operation.ts';
import { resolveName } from './command-names.ts';
import { allowWarnings, type CommandWarning, denyWarnings, type ListEntry } from './list-warnings.ts';
import { listableOperations, needsAllowedBy, operationsDeniedBy } from './operation-reach.ts';

export type { CommandWarning } from './list-warnings.ts';

/** The `commandList` of a settings file. */
export interface CommandListSource {
  readonly type: 'deny' | 'allow';
  readonly commands: readonly string[];
}

/** A command list as the enforcer goes by it. `source` is what it was made from. */
export type CommandList =
  | {
      readonly type: 'deny';
      readonly source: CommandListSource;
      /** What is refused, and by which entry, as written. */
      readonly refused: ReadonlyMap<OperationId, string>;
    }
  | {
      readonly type: 'allow';
      readonly source: CommandListSource;
      /** What is permitted: on anything, or only on containers created through the same socket. */
      readonly permitted: ReadonlyMap<OperationId, 'any' | 'own'>;
    };

/** An entry that cannot be used; the sentence names the entry and what would be right. */
export interface CommandProblem {
  readonly index: number;
  readonly command: string;
  readonly problem: string;
}

export type CompiledCommandList =
  | { readonly ok: true; readonly list: CommandList; readonly warnings: readonly CommandWarning[] }
  | { readonly ok: false; readonly problems: readonly CommandProblem[] };

export type CommandVerdict =
  | { readonly kind: 'pass' }
  /** Allowed only on containers that were created through this same socket. */
  | { readonly kind: 'pass-if-own' }
  /** `command` is the list's entry as written. */
  | { readonly kind: 'refuse'; readonly rule: 'denied'; readonly command: string }
  | { readonly kind: 'refuse'; readonly rule: 'not-allowed' }
  /** No docker command sends it, or no route has it: refused whatever the list's type. */
  | { readonly kind: 'refuse'; readonly rule: 'unknown-operation' };

/** A list has at most a few hundred sensible entries; more would make loading slow, without naming more. */
export const MAX_COMMANDS = 1000;

/** Clients cannot agree on an API version without these, and they tell nothing that matters. */
const alwaysPassed: ReadonlySet<OperationId> = new Set<OperationId>(['SystemPing', 'SystemPingHead', 'SystemVersion']);

/** The entries in order, or what is wrong with each that is wrong. */
function readEntries(source: CommandListSource): {
  entries: readonly ListEntry[];
  problems: readonly CommandProblem[];
} {
  const entries: ListEntry[] = [];
  const problems: CommandProblem[] = [];
  for (const [index, text] of source.commands.entries()) {
    const found = resolveName(text);
    if (found.ok) entries.push({ index, text, named: found.named });
    else problems.push({ index, command: text, problem: found.problem });
  }
  return { entries, problems };
}

function compileDeny(entries: readonly ListEntry[]): ReadonlyMap<OperationId, string> {
  const refused = new Map<OperationId, string>();
  for (const { named, text } of entries) {
    for (const operation of operationsDeniedBy(named)) {
      if (!refused.has(operation)) refused.set(operation, text);
    }
  }
  return refused;
}

function compileAllow(entries: readonly ListEntry[]): ReadonlyMap<OperationId, 'any' | 'own'> {
  const permitted = new Map<OperationId, 'any' | 'own'>();
  for (const { named } of entries) {
    for (const need of needsAllowedBy(named)) {
      if (need.scope === undefined) permitted.set(need.op, 'any');
      else if (!permitted.has(need.op)) permitted.set(need.op, 'own');
    }
  }
  return permitted;
}

/**
 * Reads a command list. Every entry must be a known command or group (a misspelt entry of a deny list would silently
 * allow); the warnings say what a valid list brings about that its author may not expect.
 */
export function compileCommandList(source: CommandListSource): CompiledCommandList {
  if (source.commands.length > MAX_COMMANDS) {
    const problem = `the command list has ${source.commands.length} entries; at most ${MAX_COMMANDS} are read`;
    return { ok: false, problems: [{ index: MAX_COMMANDS, command: source.commands[MAX_COMMANDS] ?? '', problem }] };
  }
  const { entries, problems } = readEntries(source);
  if (problems.length > 0) return { ok: false, problems };
  if (source.type === 'deny') {
    const refused = compileDeny(entries);
    return { ok: true, list: { type: 'deny', source, refused }, warnings: denyWarnings(entries, refused) };
  }
  const permitted = compileAllow(entries);
  return { ok: true, list: { type: 'allow', source, permitted }, warnings: allowWarnings(entries, permitted) };
}

/** What the list says to an operation. Defined for every operation under every list. */
export function judgeOperation(list: CommandList, operation: Operation): CommandVerdict {
  const { id } = operation;
  if (alwaysPassed.has(id)) return { kind: 'pass' };
  if (!listableOperations.has(id)) return { kind: 'refuse', rule: 'unknown-operation' };
  if (list.type === 'deny') {
    const command = list.refused.get(id);
    return command === undefined ? { kind: 'pass' } : { kind: 'refuse', rule: 'denied', command };
  }
  const scope = list.permitted.get(id);
  if (scope === undefined) return { kind: 'refuse', rule: 'not-allowed' };
  return scope === 'any' ? { kind: 'pass' } : { kind: 'pass-if-own' };
}
