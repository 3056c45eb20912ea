import { stopDenying } from '../commands/open-operation.ts';
import { operationIds } from '../engine-api/operation.ts';
import type { PolicyChange } from '../ipc/policy-change.ts';
import { paths } from './builtin-values.ts';
import type { PolicyPath, PolicyValues } from './policy.ts';

/** One value as a change wants it. */
export interface ChangedValue {
  readonly path: PolicyPath;
  readonly value: boolean | string | readonly string[];
}

/** The values that a change sets, what it does in words, or why it makes no sense with the values in force. */
export type Changed =
  | { readonly ok: true; readonly values: readonly ChangedValue[]; readonly words: string }
  | { readonly ok: false; readonly problem: string };

/** What a change makes of the values in force. */
export function changedValues(change: PolicyChange, values: PolicyValues): Changed {
  switch (change.kind) {
    case 'add-image':
      return longerList(values, paths.images, change.entry, 'the image list');
    case 'add-local-image':
      return longerList(values, paths.localImages, change.id, paths.localImages);
    case 'allow-escape':
      return longerList(values, paths.allowedEscapes, change.escape, paths.allowedEscapes);
    case 'allow-derived-images':
      return values[paths.allowDerivedImages]
        ? no('derived images are allowed already')
        : yes([{ path: paths.allowDerivedImages, value: true }], 'derived images are allowed');
    case 'pass-unknown-operations':
      return values[paths.unknownOperations] === 'pass'
        ? no('unknown operations pass already')
        : yes([{ path: paths.unknownOperations, value: 'pass' }], 'unknown operations pass');
    case 'stop-denying':
      return shorterDenyList(values, change.operation);
    case 'start-allowing':
      if (values[paths.commandListType] !== 'allow')
        return no('the command list denies commands: it allows all others');
      if (values[paths.commands].includes(change.command)) return no(`the allow list has "${change.command}" already`);
      return commandList(
        values,
        [...values[paths.commands], change.command],
        `the command list allows "${change.command}"`,
      );
  }
}

function longerList(
  values: PolicyValues,
  path: typeof paths.images | typeof paths.localImages | typeof paths.allowedEscapes,
  item: string,
  list: string,
): Changed {
  const before: readonly string[] = values[path];
  if (before.includes(item)) return no(`${list} has "${item}" already`);
  return yes([{ path, value: [...before, item] }], `"${item}" joins ${list}`);
}

function shorterDenyList(values: PolicyValues, operation: string): Changed {
  const id = operationIds.find((one) => one === operation);
  if (id === undefined) return no(`there is no operation "${operation}"`);
  if (values[paths.commandListType] !== 'deny') return no('the command list allows some commands and denies no other');
  const before = values[paths.commands];
  const after = stopDenying(before, id);
  if (after.length === before.length && after.every((name, at) => name === before[at])) {
    return no(`no entry of the deny list refuses ${id}`);
  }
  return commandList(values, after, `the command list does not deny ${id} any more`);
}

/** The type goes with its list: under the other type, the same names mean the opposite. */
function commandList(values: PolicyValues, commands: readonly string[], words: string): Changed {
  const type = { path: paths.commandListType, value: values[paths.commandListType] };
  return yes([type, { path: paths.commands, value: commands }], words);
}

function yes(values: readonly ChangedValue[], words: string): Changed {
  return { ok: true, values, words };
}

function no(problem: string): Changed {
  return { ok: false, problem };
}

/** The part of a settings file that sets these values, and no others. */
export function snippetOf(values: readonly ChangedValue[]): string {
  const snippet = {};
  for (const { path, value } of values) put(snippet, path.split('.'), value);
  return `${JSON.stringify(snippet, null, 2)}\n`;
}

function put(object: Record<string, unknown>, [key = '', ...below]: readonly string[], value: unknown): void {
  if (below.length === 0) {
    object[key] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...(object[key] as object | undefined) };
  object[key] = inner;
  put(inner, below, value);
}
