import { createInstance } from 'i18next';
import type { SetUpCheck } from '../../../shared/ipc/set-up.ts';
import { en } from '../../../shared/texts/en/index.ts';
import { printable } from '../output.ts';

/** A check with its words. */
export interface ExplainedCheck extends SetUpCheck {
  readonly title: string;
  readonly text: string;
}

/** Puts the window's English words to checks. */
export async function explained(checks: readonly SetUpCheck[]): Promise<readonly ExplainedCheck[]> {
  const texts = createInstance();
  const t = await texts.init({
    lng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  return checks.map((one) => ({
    ...one,
    title: t(`setUp.${one.check}.title`),
    text: t(`setUp.${one.check}.${one.finding}`, one.values),
  }));
}

const stateWords = { pass: 'ok', warn: 'note', fail: 'PROBLEM', unknown: 'unknown' } as const;
const WIDTH = 9;

/** For people: a line for each check, what to run below it, and the count at the end. */
export function doctorText(checks: readonly ExplainedCheck[]): string {
  const lines = checks.flatMap(({ state, title, text, command }) => {
    // Where all is well, a command is not what one should run now, but what the sentence speaks of.
    const spoken = command === undefined || state !== 'pass' ? [] : [command];
    const toRun = command === undefined || state === 'pass' ? [] : [`${' '.repeat(WIDTH)}-> ${command}`];
    const sentence = [`${title}:`, text.replaceAll('\n', ' '), ...spoken].join(' ');
    return [`${stateWords[state].padEnd(WIDTH)}${sentence}`, ...toRun];
  });
  return [...lines, countLine(checks)].map(printable).join('\n');
}

const countWords = [
  ['fail', 'to be mended'],
  ['warn', 'worth knowing'],
  ['unknown', 'not known'],
  ['pass', 'in order'],
] as const;

function countLine(checks: readonly ExplainedCheck[]): string {
  const counts = countWords.map(([state, words]) => [checks.filter((one) => one.state === state).length, words]);
  return counts.flatMap(([count, words]) => (count === 0 ? [] : [`${count} ${words}`])).join(', ');
}
