import { cpus, release, totalmem } from 'node:os';
import type { Measured, Row } from './rows.ts';
import type { Target } from './targets.ts';

/** The medians of one row for one target. */
export interface Cell extends Measured {
  readonly target: string;
  /** The rate, with that of the engine itself as 1: the median over the rounds of the ratio within a round. */
  readonly ratio: number;
  /** Milliseconds that the median request takes longer than at the engine itself. */
  readonly added?: number;
}

export interface Result {
  readonly row: string;
  readonly unit: Row['unit'];
  readonly cells: readonly Cell[];
}

export interface Report {
  readonly machine: string;
  readonly engine: string;
  readonly rounds: number;
  readonly results: readonly Result[];
  /** Mebibytes, at the end and at most. */
  readonly memory: readonly { readonly target: string; readonly now: number; readonly peak: number }[];
}

export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}

/** `rounds` has, for each round, what each target came to, in the targets' order; the first is the engine itself. */
export function summary(row: Row, targets: readonly Target[], rounds: readonly (readonly Measured[])[]): Result {
  const over = (of: (round: readonly Measured[]) => number | undefined) =>
    median(rounds.flatMap((round) => of(round) ?? []));
  const cells = targets.map(({ name }, place): Cell => {
    const isAsked = rounds[0]?.[place]?.p50 !== undefined;
    const isBetween = rounds[0]?.[place]?.cpu !== undefined;
    return {
      target: name,
      rate: over((round) => round[place]?.rate),
      ratio: over((round) => (round[place]?.rate ?? 0) / (round[0]?.rate ?? 1)),
      ...(isAsked && { p50: over((round) => round[place]?.p50) }),
      ...(isAsked && { added: over((round) => (round[place]?.p50 ?? 0) - (round[0]?.p50 ?? 0)) }),
      ...(isBetween && { cpu: over((round) => round[place]?.cpu) }),
    };
  });
  return { row: row.name, unit: row.unit, cells };
}

/** The report as a Markdown table, which terminals show well enough. */
export function table({ results, memory, ...about }: Report): string {
  const targets = results[0]?.cells.map(({ target }) => target) ?? [];
  const line = (name: string, values: readonly string[]) => `| ${[name, ...values].join(' | ')} |`;
  const lines = [
    line('', targets),
    line(
      '---',
      targets.map(() => '---'),
    ),
  ];
  for (const { row, unit, cells } of results) {
    lines.push(
      line(
        `${row}, ${unit}`,
        cells.map(({ rate, ratio }) => `${Math.round(rate)} (${ratio.toFixed(2)})`),
      ),
    );
    if (cells.every(({ added }) => added !== undefined)) {
      lines.push(
        line(
          `${row}, added p50`,
          cells.map(({ added = 0 }) => `${added.toFixed(3)} ms`),
        ),
      );
      lines.push(
        line(
          `${row}, CPU each`,
          cells.map(({ cpu }) => (cpu === undefined ? '' : `${cpu.toFixed(0)} µs`)),
        ),
      );
    }
  }
  const inMemory = (target: string) => memory.find((one) => one.target === target);
  const shown = targets.map((target) => {
    const found = inMemory(target);
    return found === undefined ? '' : `${found.now.toFixed(0)} MiB (${found.peak.toFixed(0)})`;
  });
  lines.push(line('memory at the end (at most)', shown));
  return `${about.machine}; ${about.engine}; medians of ${about.rounds} rounds\n\n${lines.join('\n')}`;
}
