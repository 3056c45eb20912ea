import type { Known } from './known-sockets.ts';

/** How a path stands to a pattern: it is the socket, or a folder above it. */
export type KnownMatch = { readonly is: 'socket' | 'above'; readonly pattern: string; readonly as: Known[1] };

/** Compares an absolute cleaned path with patterns, name by name; `*` stands for one name or the start of one. */
export function matchKnown(path: string, patterns: readonly Known[]): KnownMatch | undefined {
  const names = namesOf(path);
  let above: KnownMatch | undefined;
  for (const [pattern, as] of patterns) {
    const wanted = namesOf(pattern);
    if (names.length > wanted.length || !names.every((name, index) => fits(name, wanted[index]))) continue;
    if (names.length === wanted.length) return { is: 'socket', pattern, as };
    above ??= { is: 'above', pattern, as };
  }
  return above;
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '');
}

function fits(name: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false;
  return wanted.startsWith('*') ? name.endsWith(wanted.slice(1)) : name === wanted;
}
