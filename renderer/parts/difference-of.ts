/** One line of a difference; `skipped` stands for so many lines that stay as they are. */
export type Line =
  | { readonly sign: ' ' | '+' | '-'; readonly text: string; readonly place: number }
  | { readonly sign: 'skipped'; readonly count: number; readonly place: number };

/** Lines that stay are shown so far around what changes. */
const CONTEXT = 3;

/** Lines in common at both ends stay; what lies between is replaced. Enough for one change in one place. */
export function differenceOf(before: string, after: string): readonly Line[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const room = Math.min(old.length, now.length) - head;
  while (tail < room && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const start = Math.max(0, head - CONTEXT);
  const end = now.length - Math.max(0, tail - CONTEXT);
  const lines = [
    ...skipped(start),
    ...now.slice(start, head).map((text) => ({ sign: ' ' as const, text })),
    ...old.slice(head, old.length - tail).map((text) => ({ sign: '-' as const, text })),
    ...now.slice(head, now.length - tail).map((text) => ({ sign: '+' as const, text })),
    ...now.slice(now.length - tail, end).map((text) => ({ sign: ' ' as const, text })),
    ...skipped(now.length - end),
  ];
  return lines.map((line, place) => ({ ...line, place }));
}

function skipped(count: number) {
  return count === 0 ? [] : [{ sign: 'skipped' as const, count }];
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
