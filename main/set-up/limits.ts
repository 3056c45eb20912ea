import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Whether a client of this run wanted more than one may have. Worth knowing: it costs nobody but whoever floods us. */
export async function checkLimits({ beyondLimits }: Machine) {
  if (beyondLimits === undefined) return finding('limits', 'unknown', 'not-running');
  const { gaveWay, turnedAway, tooLarge } = beyondLimits();
  if (gaveWay + turnedAway + tooLarge === 0) return finding('limits', 'pass', 'within');
  const values = { gaveWay: String(gaveWay), turnedAway: String(turnedAway), tooLarge: String(tooLarge) };
  return finding('limits', 'warn', 'reached', values);
}
