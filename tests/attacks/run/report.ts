import type { Stage } from '../stage/stage.ts';
import type { Outcome } from './run-attack.ts';
import type { Result } from './run-suite.ts';

const WORDS: Readonly<Record<Outcome['kind'], string>> = {
  withstood: 'withstood',
  'got-past': 'GOT PAST',
  'other-reason': 'withstood, but for another reason',
  'not-alive': 'THE FILTER IS GONE',
  'not-applicable': 'not applicable here',
};

/** What makes the suite fail. */
export function gotPast(results: readonly Result[]): readonly Result[] {
  return results.filter(({ outcome: { kind } }) => kind !== 'withstood' && kind !== 'not-applicable');
}

export function line({ attack, title, outcome }: Result): string {
  const detail =
    outcome.kind === 'withstood' ? '' : `\n    ${outcome.kind === 'not-applicable' ? outcome.why : outcome.said}`;
  return `${WORDS[outcome.kind].padEnd(20)} ${attack}: ${title}${detail}`;
}

const COLUMNS = ['class', 'works raw', 'got past', 'withstood', 'not applicable'] as const;

export function table(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ attack }) => classOf(attack)))];
  const rows = names.map((name) =>
    row(
      name,
      results.filter(({ attack }) => classOf(attack) === name),
    ),
  );
  const lines = [COLUMNS, ...rows, row('all', results)];
  const width = (at: number) => Math.max(...lines.map((cells) => (cells[at] ?? '').length));
  return lines
    .map((cells) =>
      cells
        .map((cell, at) => cell.padEnd(width(at)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row(name: string, results: readonly Result[]): string[] {
  const count = (...kinds: Outcome['kind'][]): number =>
    results.filter(({ outcome }) => kinds.includes(outcome.kind)).length;
  const notApplicable = count('not-applicable');
  const past = count('got-past', 'not-alive');
  const counts = [results.length - notApplicable, past, count('withstood', 'other-reason'), notApplicable];
  return [name, ...counts.map(String)];
}

function classOf(attack: string): string {
  return attack.slice(0, attack.indexOf('/'));
}

/** What `--json` prints. */
export function document(stage: Stage, results: readonly Result[]): object {
  return {
    socket: stage.socket,
    engine: stage.engine.socket,
    lockkeeper: stage.isLockkeeper,
    gotPast: gotPast(results).length,
    results: results.map(({ attack, title, outcome: { kind, ...detail } }) => ({
      attack,
      title,
      outcome: kind,
      ...detail,
    })),
  };
}
