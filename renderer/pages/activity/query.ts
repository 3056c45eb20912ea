import type { Decision } from './event-store.ts';

/** What can stand before a colon in the search. */
export const operators = ['image', 'command', 'reason', 'decision', 'container', 'since'] as const;
export type Operator = (typeof operators)[number];

interface Term {
  readonly operator: Operator | 'text';
  readonly value: string;
  /** Written with a `-` before it: what fits is left out. */
  readonly isExcluded: boolean;
}

/** A search as it was understood; `problems` quotes what was not. */
export interface Query {
  readonly terms: readonly Term[];
  readonly problems: readonly string[];
}

const WORD = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi;

/** Reads a search: words that must all occur, and `operator:value` pairs; quotes hold blanks together. */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  const problems: string[] = [];
  for (const [whole, minus, name, quoted, bare] of text.matchAll(WORD)) {
    const value = (quoted ?? bare ?? '').toLowerCase();
    const operator = operators.find((known) => known === name?.toLowerCase());
    if (name !== undefined && operator === undefined) {
      // `docker.io/x:tag` and times have colons of their own.
      terms.push({ operator: 'text', value: whole.replace(/^-/, '').toLowerCase(), isExcluded: minus === '-' });
    } else if (operator === 'since' && sinceMilliseconds(value, 0) === undefined) {
      problems.push(whole);
    } else if (value !== '') {
      terms.push({ operator: operator ?? 'text', value, isExcluded: minus === '-' });
    }
  }
  return { terms, problems };
}

/** Whether a decision fits all terms. `now` in milliseconds since 1970, for `since:`. */
export function matcher(query: Query, now: number): (event: Decision) => boolean {
  const tests = query.terms.map((term) => {
    const fits = termTest(term, now);
    return (event: Decision) => fits(event) !== term.isExcluded;
  });
  return (event) => tests.every((fits) => fits(event));
}

/** Words that people use for the schema's outcomes. */
const outcomes: Readonly<Record<string, Decision['outcome']>> = {
  blocked: 'refused',
  refused: 'refused',
  denied: 'refused',
  allowed: 'passed',
  passed: 'passed',
  granted: 'granted',
  observed: 'observed',
};

function termTest({ operator, value }: Term, now: number): (event: Decision) => boolean {
  const has = hasText(value);
  switch (operator) {
    case 'image':
      return (event) => has(event.image) || has(event.caller.image);
    case 'command':
      return (event) => has(event.command) || has(event.operation);
    case 'reason':
      return (event) => has(event.reason);
    case 'container':
      return (event) => has(event.caller.containerId);
    case 'decision': {
      const wanted = new Set<string>(value.split(',').map((name) => outcomes[name] ?? name));
      return (event) => wanted.has(event.outcome);
    }
    case 'since': {
      const earliest = sinceMilliseconds(value, now) ?? 0;
      return (event) => Date.parse(event.time) >= earliest;
    }
    case 'text':
      return (event) =>
        has(event.path) ||
        has(event.command) ||
        has(event.image) ||
        has(event.caller.image) ||
        has(event.caller.containerId) ||
        has(event.reason) ||
        has(event.message);
  }
}

/** Whether a field has the text, in any case. Of a hundred thousand fields, none is copied to lower case. */
function hasText(value: string): (field: string | undefined) => boolean {
  const pattern = new RegExp(value.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'), 'i');
  return (field) => field !== undefined && pattern.test(field);
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `15m`, `2h`, `1d`: that long ago; otherwise a date, with or without a time. */
function sinceMilliseconds(value: string, now: number): number | undefined {
  const [, amount, unit = ''] = /^(\d+)([smhd])$/.exec(value) ?? [];
  if (amount !== undefined) return now - Number(amount) * (units[unit] ?? 0);
  const at = Date.parse(value.toUpperCase());
  return Number.isNaN(at) ? undefined : at;
}

/** The search with a term added, or with that operator's value replaced. */
export function withTerm(text: string, operator: Operator, value: string): string {
  const shown = /\s/.test(value) ? `"${value}"` : value;
  const others = text.replace(new RegExp(`-?${operator}:(?:"[^"]*"?|\\S+)\\s*`, 'gi'), '').trim();
  return `${others} ${operator}:${shown}`.trim();
}
