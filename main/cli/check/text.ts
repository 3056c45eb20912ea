import type { CheckReport, CheckStep } from '../../../shared/ipc/check.ts';
import { reasonText } from '../events/event-line.ts';
import { printable } from '../output.ts';

const verdictWords = { allowed: 'allowed', blocked: 'BLOCKED', undecided: 'unknown' } as const;

/** A report for people: a line for each request, what is wrong with its remedy below it, and the verdict at the end. */
export function checkText(report: CheckReport, by: 'running' | 'files'): string {
  const shown = report.steps.filter(({ condition, verdict }) => condition !== 'sometimes' || verdict !== 'allowed');
  const lines = [
    ...(by === 'files' ? ['no Lockkeeper runs here: decided by the settings files and what the engine says now'] : []),
    ...shown.flatMap(stepLines),
    ...report.notes.map((note) => `note: ${note}`),
    verdictLine(report, shown),
  ];
  return lines.map(printable).join('\n');
}

function stepLines(step: CheckStep): readonly string[] {
  const condition = step.when === undefined ? '' : `  (${step.when})`;
  const reason = step.reason === undefined ? '' : `  ${reasonText(step.reason)}`;
  const request = `${step.method} ${step.path}`;
  const lines = [`${verdictWords[step.verdict]}  ${step.operation.padEnd(18)} ${request}${condition}${reason}`];
  if (step.socket !== undefined) {
    const { entry, image, targets } = step.socket;
    lines.push(`         gets a filtered socket at ${targets.join(', ')}: image ${image}, list entry "${entry}"`);
  }
  if (step.message !== undefined && step.verdict !== 'allowed') lines.push(`         ${step.message}`);
  if (step.remedy !== undefined) lines.push(`         -> ${step.remedy}`);
  return [...lines, ...step.notes.map((note) => `         ${note}`)];
}

function verdictLine(report: CheckReport, shown: readonly CheckStep[]): string {
  const what = report.command === undefined ? 'this create' : `docker ${report.command}`;
  const from = whereFrom(report.from);
  if (report.verdict === 'blocked') return `Blocked: ${what} ${from} would be refused.`;
  if (report.verdict === 'undecided') return `Not decided: what ${what} ${from} needs cannot be found out now.`;
  const off = report.policy.enforced ? '' : ' Nothing is enforced: the feature is switched off.';
  const partly = shown.some(({ verdict }) => verdict === 'blocked')
    ? ' What it asks for only at times is blocked.'
    : '';
  return `Allowed: ${what} ${from} would go through.${off}${partly}`;
}

function whereFrom(from: CheckReport['from']): string {
  if (from.listener === 'host-gate') return 'from the host';
  if (from.containerId !== undefined) return `from container ${from.containerId.slice(0, 12)}`;
  return `from ${from.socket ?? 'a filtered socket'}`;
}
