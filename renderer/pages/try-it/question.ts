import { splitLine } from '../../../shared/docker-line/split-line.ts';
import { type CheckInput, checkInputSchema, type WayIn } from '../../../shared/ipc/check.ts';

export const asks = ['docker', 'create'] as const;
export type Ask = (typeof asks)[number];

/** A question as the page's address has it. */
export interface Question {
  readonly ask: Ask;
  /** A docker command line, or a create body. */
  readonly text: string;
  /** `host`, `filtered`, `container NAME` or `socket PATH`. */
  readonly from: string;
}

/** Relative paths have no folder that they could be meant in, as a window has none. */
const FOLDER = '/';

export function questionIn(values: Readonly<Record<string, string>>): Question {
  const ask = asks.find((one) => one === values.ask) ?? 'docker';
  return { ask, text: values.text ?? '', from: values.from ?? 'host' };
}

/** The question as Lockkeeper is asked it, or what is wrong with it. */
export function toCheck({ ask, text, from }: Question): { readonly input: CheckInput } | { readonly problem: string } {
  if (ask === 'create') return bounded({ from: wayIn(from), ask: { kind: 'create', body: text } });
  const split = splitLine(text);
  if (!split.ok) return { problem: split.problem };
  // Who types "run alpine" means docker.
  const words = split.words[0] === 'docker' ? split.words : ['docker', ...split.words];
  return bounded({ from: wayIn(from), ask: { kind: 'docker', words: [...words], folder: FOLDER } });
}

function bounded(input: CheckInput): { readonly input: CheckInput } | { readonly problem: string } {
  const parsed = checkInputSchema.safeParse(input);
  return parsed.success ? { input: parsed.data } : { problem: parsed.error.issues[0]?.message ?? '' };
}

function wayIn(from: string): WayIn {
  const [kind, ...rest] = from.split(' ');
  const name = rest.join(' ');
  if (kind === 'container' && name !== '') return { kind, name };
  if (kind === 'socket' && name !== '') return { kind, path: name };
  return { kind: kind === 'filtered' ? 'filtered' : 'host' };
}
