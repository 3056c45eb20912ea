/** As Go prints durations: `1m30s`, `259.609µs`; and plain seconds, as the header Retry-After has them (RFC 9110). */
const TOLD = /retry[- ]after"?\s*[:=]?\s*"?((?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+|\d+(?:\.\d+)?(?![\w.]))/i;
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
/** A registry that wants to be left alone for longer is asked once in this time; the word may be a mistake. */
const LONGEST_MS = 3_600_000;

/**
 * How long a registry wants to be left alone, where its words say so: milliseconds, or undefined. The header Retry-After
 * itself does not get here, since the engine does not pass it on; some registries (ghcr.io) repeat it in their message.
 */
export function toldWaitMs(message: string): number | undefined {
  const told = TOLD.exec(message)?.[1];
  if (told === undefined) return undefined;
  const parts = [...told.matchAll(/(\d+(?:\.\d+)?)([a-zµμ]*)/g)];
  const wait = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit || 's'] ?? 1000), 0);
  return Math.min(wait, LONGEST_MS);
}
