import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttachedLab } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { type MainThread, mainThreadOf } from './main-thread.ts';
import { browserPath, type OpenWindow, openWindow, windowSuite } from './open-window.ts';
import { refusePushes } from './real-decisions.ts';

/** As many as the ring holds: that many can be made at once, however slowly the page reads. */
export const AT_ONCE = 5_000;
const PER_SECOND = 500;
const LONG_FRAME_MS = 50;
const SCROLLS = 150;
/** Of a thousand names those that have `app-77` in them: that one, and `app-770` to `app-779`. */
const FITTING_OF_A_THOUSAND = 11;
/** A machine that does ten things at once takes that long to make and show so many. */
const PATIENCE_MS = 540_000;
const patience = { timeout: PATIENCE_MS };

export interface Load {
  /** Decisions that are there before anything is measured; a multiple of {@link AT_ONCE}. */
  readonly count: number;
  /** How long more come, at {@link PER_SECOND}. */
  readonly seconds: number;
  /** Whether what it costs the page has bounds. They hold once the page has as many decisions as it ever keeps. */
  readonly isMeasured: boolean;
}

/** The list with many real decisions: each was asked for at a socket, decided, pushed and drawn. */
export function manyDecisions(
  lab: Pick<AttachedLab, 'work' | 'engineUrl'>,
  { count, seconds, isMeasured }: Load,
): void {
  const title = `${windowSuite}: ${count} decisions, and ${PER_SECOND} more a second for ${seconds} s`;
  describe.runIf(browserPath)(title, () => {
    let window: OpenWindow;
    let page: Page;
    let mainThread: MainThread;
    const rows = () => page.getByRole('listbox').getByRole('option');
    const first = (attribute: string) => rows().first().getAttribute(attribute);
    const shown = async () => Number((await page.getByText(/^\d+ shown$/).textContent())?.replace(/\D/g, ''));
    const tooFast = () => page.getByText('too fast to be shown').count();

    beforeAll(async () => {
      window = await openWindow(lab, { settings: { commands: ['push'] } });
      page = window.page;
      mainThread = await mainThreadOf(page);
    });
    afterAll(() => window?.close());

    it('are all there', patience, async () => {
      for (let made = AT_ONCE; made <= count; made += AT_ONCE) {
        await refusePushes(window.standing, AT_ONCE);
        await eventually(async () => (await shown()) === made, `${made} are shown`, PATIENCE_MS);
      }
      expect(await tooFast()).toBe(0);
      expect(await rows().count()).toBeLessThan(100);
    });

    it(isMeasured ? 'scroll without long frames and without gaps' : 'scroll without gaps', patience, async () => {
      const gaps: number[] = [];
      const tasks = await mainThread.tasksDuring(async () => {
        await rows().nth(5).hover();
        for (let at = 0; at < SCROLLS; at += 1) {
          if (at % 2 === 0) await page.mouse.wheel(0, 1_500);
          else await page.evaluate(jumpTo(((at * 37) % SCROLLS) / SCROLLS));
          gaps.push(Number(await page.evaluate(gapsInView)));
        }
      });
      expect(gaps.filter((gap) => gap > 0)).toEqual([]);
      const long = tasks.filter((milliseconds) => milliseconds > LONG_FRAME_MS);
      if (isMeasured) expect(long.length / SCROLLS).toBeLessThan(0.02);
    });

    it(isMeasured ? 'are searched without holding a letter back' : 'are searched', patience, async () => {
      const fitting = (count / 1_000) * FITTING_OF_A_THOUSAND;
      const search = page.getByRole('searchbox');
      const tasks = await mainThread.tasksDuring(async () => {
        await search.pressSequentially('app-77 -command:pull');
        await eventually(async () => (await shown()) === fitting, `${fitting} fit`, PATIENCE_MS);
      });
      if (isMeasured) expect(Math.max(...tasks)).toBeLessThan(2 * LONG_FRAME_MS);
      await search.fill('');
      await eventually(async () => (await shown()) === count, 'all are shown again', PATIENCE_MS);
    });

    it('hold still under whoever reads, and are brought in when asked for', async () => {
      await page.evaluate(jumpTo(0.5));
      const before = await rows().allTextContents();
      await refusePushes(window.standing, 17);
      const fresh = page.getByRole('button', { name: '17 new' });
      await fresh.waitFor();
      expect(await rows().allTextContents()).toEqual(before);
      await fresh.click();
      await fresh.waitFor({ state: 'detached' });
      await expect.poll(() => first('aria-posinset')).toBe('1');
    });

    it(
      isMeasured ? 'leave the main thread idle and memory flat while more come' : 'are followed while more come',
      patience,
      async () => {
        await expect.poll(() => first('aria-posinset')).toBe('1');
        const held = await mainThread.heldBytes();
        const busy = await mainThread.busySeconds();
        await atPace(seconds, () => refusePushes(window.standing, PER_SECOND / 10));
        const last = JSON.parse((await window.cli('events', '--json', '--limit', '1', '--blocked')).stdout);
        const isShown = async () => (await first('data-sequence')) === String(last.sequence);
        await eventually(isShown, 'the last one is shown', PATIENCE_MS);
        if (isMeasured) expect(((await mainThread.busySeconds()) - busy) / seconds).toBeLessThan(0.3);
        if (isMeasured) expect((await mainThread.heldBytes()) / held).toBeLessThan(1.2);
        expect(await tooFast()).toBe(0);
      },
    );
  });
}

/** For the page: goes to that part of the list, and waits until it is drawn. */
function jumpTo(part: number): string {
  return `new Promise((drawn) => {
    const box = document.querySelector('[role=listbox]');
    box.scrollTop = box.scrollHeight * ${part};
    requestAnimationFrame(() => requestAnimationFrame(drawn));
  })`;
}

/** For the page: how many of some places in the list have no row. */
const gapsInView = `(() => {
  const { top, bottom, left } = document.querySelector('[role=listbox]').getBoundingClientRect();
  let gaps = 0;
  for (let y = top + 4; y < bottom - 4; y += 20) {
    if (document.elementFromPoint(left + 60, y)?.closest('[role=option]') == null) gaps += 1;
  }
  return gaps;
})()`;

/** Does it ten times in each of so many seconds, or as fast as it goes. */
async function atPace(seconds: number, act: () => Promise<void>): Promise<void> {
  const start = performance.now();
  for (let at = 0; at < seconds * 10; at += 1) {
    const early = start + at * 100 - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    await act();
  }
}
