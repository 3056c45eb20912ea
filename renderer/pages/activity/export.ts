import type { Decision } from './event-store.ts';

const columns = [
  ['time', (event: Decision) => event.time],
  ['outcome', (event: Decision) => event.outcome],
  ['command', (event: Decision) => event.command ?? event.operation],
  ['method', (event: Decision) => event.method],
  ['path', (event: Decision) => event.path],
  ['image', (event: Decision) => event.image ?? event.caller.image ?? ''],
  ['container', (event: Decision) => event.caller.containerId ?? ''],
  ['reason', (event: Decision) => event.reason ?? ''],
  ['rule', (event: Decision) => event.rule ?? ''],
  ['message', (event: Decision) => event.message ?? ''],
] as const;

/** One journal line an event, as in the journal file. */
export function asJsonLines(decisions: readonly Decision[]): string {
  return decisions.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** RFC 4180. A cell that a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV injection). */
export function asCsv(decisions: readonly Decision[]): string {
  const rows = decisions.map((event) => columns.map(([, read]) => cell(read(event))));
  return [columns.map(([name]) => name), ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
