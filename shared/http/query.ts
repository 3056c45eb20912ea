import { quoted } from './characters.ts';
import { percentDecode } from './percent.ts';

export interface QueryPair {
  readonly name: string;
  readonly value: string;
}

/** As many as newer Go versions let a query have. */
export const MAX_QUERY_PAIRS = 10_000;

export type QueryResult =
  | { readonly ok: true; readonly pairs: readonly QueryPair[] }
  | { readonly ok: false; readonly status: 400 | 414; readonly problem: string };

function refused(problem: string): QueryResult {
  return { ok: false, status: 400, problem };
}

/**
 * Reads a query as Go's url.ParseQuery does (`&` separates, `+` is a space, a pair without `=` has an empty value,
 * empty pairs are skipped), except that where Go drops a pair that it cannot read, the whole query is refused.
 */
export function parseQuery(rawQuery: string): QueryResult {
  const pairs: QueryPair[] = [];
  if (rawQuery.includes(';')) {
    return refused('the query has a ";", which some parsers take for a separator; encode it as %3B');
  }
  const pieces = rawQuery.split('&', MAX_QUERY_PAIRS + 1);
  if (pieces.length > MAX_QUERY_PAIRS) {
    return { ok: false, status: 414, problem: `the query has more than ${MAX_QUERY_PAIRS} parameters` };
  }
  for (const piece of pieces) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = percentDecode(equals === -1 ? piece : piece.slice(0, equals), true);
    if (!name.ok) return refused(`a name in the query ${name.problem}`);
    const value = percentDecode(equals === -1 ? '' : piece.slice(equals + 1), true);
    if (!value.ok) return refused(`the query value of ${quoted(name.text)} ${value.problem}`);
    pairs.push({ name: name.text, value: value.text });
  }
  return { ok: true, pairs };
}

/** The raw query with this one value for a name, which it says nowhere else. */
export function withValue(rawQuery: string, name: string, value: string): string {
  const others = rawQuery.split('&').filter((piece) => {
    const spelled = percentDecode(piece.split('=', 1)[0] ?? '', true);
    return piece !== '' && !(spelled.ok && spelled.text === name);
  });
  return [...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&');
}

/** The value that the engine takes for a name: the first, whatever follows; undefined when there is none. */
export function firstValue(query: readonly QueryPair[], name: string): string | undefined {
  return query.find((pair) => pair.name === name)?.value;
}
