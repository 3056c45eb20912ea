import { contract, type PushName } from '../../shared/ipc/contract.ts';

const made = new Map<PushName, WeakMap<object, string>>();

/**
 * What is pushed, checked against its schema, as JSON; undefined when it is not as the contract says. A value that goes to
 * several clients, as every event does, is checked and written once.
 */
export function pushText(name: PushName, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return checked(name, value);
  const texts = made.get(name) ?? new WeakMap<object, string>();
  made.set(name, texts);
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = checked(name, value);
  if (text !== undefined) texts.set(value, text);
  return text;
}

function checked(name: PushName, value: unknown): string | undefined {
  const { success, data } = contract.pushes[name].value.safeParse(value);
  return success ? JSON.stringify(data) : undefined;
}
