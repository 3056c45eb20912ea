import type { Lab } from '../lab/lab.ts';
import { startLockkeeper } from '../system/running.ts';
import { openWindow } from '../system/window/open-window.ts';
import { refusePushes } from '../system/window/real-decisions.ts';
import type { Row } from './rows.ts';
import type { Target } from './targets.ts';

/** Decisions a second that go on beside what is measured: refused pushes, each of which the window shows. */
export const EVENTS_PER_SECOND = 500;
const TICK_MS = 100;

const SETTINGS = { images: ['docker:cli'], commands: ['push'] };

/** The same gate headless, and in the desktop app with its window open on the page of decisions. */
export async function withWindow<T>(lab: Lab, run: (targets: readonly Target[]) => Promise<T>): Promise<T> {
  const headless = await startLockkeeper(lab, SETTINGS);
  try {
    const window = await openWindow(lab, { shell: 'Electron', settings: SETTINGS });
    try {
      return await run([
        { name: 'headless', socket: headless.hostGate, noisy: headless.standing.replace('unix://', '') },
        { name: 'desktop, window open', socket: window.hostGate, noisy: window.standing },
      ]);
    } finally {
      await window.close();
    }
  } finally {
    await headless.stop();
  }
}

/** The row while decisions are made at the target all the time. */
export function amidEvents(row: Row): Row {
  return {
    ...row,
    name: `${row.name}, amid ${EVENTS_PER_SECOND} events/s`,
    async run(target) {
      const { noisy } = target;
      if (noisy === undefined) throw new Error(`${target.name} has no socket for the events`);
      let last: Promise<unknown> = Promise.resolve();
      const ticking = setInterval(() => {
        last = Promise.all([last, refusePushes(noisy, (EVENTS_PER_SECOND * TICK_MS) / 1000)]);
      }, TICK_MS);
      try {
        return await row.run(target);
      } finally {
        clearInterval(ticking);
        await last;
      }
    },
  };
}
