/** One line of a difference. */
export interface Line {
  readonly sign: ' ' | '+' | '-';
  readonly text: string;
  /** Its place among all lines of the difference. */
  readonly place: number;
}

/** Lines in common at both ends stay; what lies between is replaced. Enough for one change in one place. */
export function differenceOf(before: string, after: string): readonly Line[] {
  const old = linesOf(before);
  const now = linesOf(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const room = Math.min(old.length, now.length) - head;
  while (tail < room && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const parts = [
    ...now.slice(0, head).map((text) => ({ sign: ' ' as const, text })),
    ...old.slice(head, old.length - tail).map((text) => ({ sign: '-' as const, text })),
    ...now.slice(head, now.length - tail).map((text) => ({ sign: '+' as const, text })),
    ...now.slice(now.length - tail).map((text) => ({ sign: ' ' as const, text })),
  ];
  return parts.map((part, place) => ({ ...part, place }));
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
