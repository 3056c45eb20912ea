import type { CDPSession, Page } from 'playwright';

/**
 * The page's main thread by the time that it has the processor, not by the clock: a machine that is busy with other
 * things makes a page late, not slow.
 */
export interface MainThread {
  /** Seconds that its tasks have had so far. */
  busySeconds(): Promise<number>;
  /** Bytes that the page's objects take after everything that nobody holds is gone. */
  heldBytes(): Promise<number>;
  /** Milliseconds of each of its tasks while `act` goes on. */
  tasksDuring(act: () => Promise<void>): Promise<readonly number[]>;
}

export async function mainThreadOf(page: Page): Promise<MainThread> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return {
    busySeconds: () => metric(session, 'TaskDuration'),
    async heldBytes() {
      await session.send('HeapProfiler.collectGarbage');
      return metric(session, 'JSHeapUsedSize');
    },
    async tasksDuring(act) {
      const browser = page.context().browser();
      if (browser === null) throw new Error('the page has no browser that could be traced');
      await browser.startTracing(page, { categories: ['toplevel'] });
      await act();
      return tasksIn(await browser.stopTracing());
    },
  };
}

async function metric(session: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const found = metrics.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`this Chromium does not measure ${wanted}`);
  return found.value;
}

/** One entry of a trace: `tdur` is the time on the processor, in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

function tasksIn(trace: Buffer): readonly number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const isName = ({ name, args }: TraceEvent) => name === 'thread_name' && args.name === 'CrRendererMain';
  const mains = new Set(traceEvents.filter(isName).map(thread));
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && mains.has(thread(event)));
  if (tasks.length === 0) throw new Error('the trace has no task of the main thread');
  return tasks.map(({ tdur = 0 }) => tdur / 1_000);
}
