import { goOn, type Reached } from '../steps/step.ts';
import { createBacklog, type Line } from './backlog.ts';
import { appendTo, cutBack } from './journal-file.ts';
import type { Losses } from './losses.ts';
import { type OpenFilesOptions, openFiles } from './open-files.ts';

/** Lines on their way to a file. */
export interface LineWriter {
  /** Takes a line without its line end; returns at once and never throws. */
  append(line: Line): void;
  /** What is wrong now, with its remedy; undefined when nothing is. */
  trouble(): string | undefined;
  /** Resolves once everything taken so far was written, or writing it was tried and failed. */
  flush(): Promise<void>;
  /** Flushes and closes; lines that come later are dropped without being counted. */
  close(): Promise<void>;
}

export interface LineWriterOptions extends OpenFilesOptions {
  /** Bytes that may wait in memory while the disk is slow or full. */
  readonly backlogBytes: number;
  /** Milliseconds between two tries while writing fails. */
  readonly retryMs: number;
  /** Milliseconds after which closing no longer waits for a disk that hangs. */
  readonly closeMs: number;
  readonly losses: Losses;
  readonly reached?: Reached;
}

const MOST_BATCH_BYTES = 1024 * 1024;

/** Lost lines are spoken of at most this often while lines keep coming. */
const GAP_EVERY_MS = 10_000;

/** A single write that takes longer is worth a word. */
const HANGS_AFTER_MS = 10_000;

const TOO_SLOW = 'the disk is too slow for what has to be written';

/** Writes lines in order, in the background, in batches; survives a full disk and a folder that goes away. */
export function createLineWriter(options: LineWriterOptions): LineWriter {
  const { losses, tell, reached = goOn } = options;
  const backlog = createBacklog(options.backlogBytes);
  const batchBytes = Math.min(MOST_BATCH_BYTES, options.backlogBytes / 8);
  const files = openFiles(options);
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let problem: string | undefined;
  let batchSince: number | undefined;
  let gapToldAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  async function writeBatch(): Promise<void> {
    const data = backlog.batch(batchBytes);
    const file = await files.fileFor(data.length);
    const before = file.size;
    try {
      reached('journal-line-waiting');
      await appendTo(file, data);
      reached('journal-line-written');
      backlog.written(data.length);
    } catch (error) {
      const whole = backlog.written(file.size - before);
      await cutBack(file, before + whole);
      throw error;
    }
  }

  async function writeAll(): Promise<void> {
    while (backlog.lines() > 0) {
      batchSince = performance.now();
      try {
        await writeBatch();
      } catch (error) {
        await failed(error instanceof Error ? error.message : String(error));
        return;
      } finally {
        batchSince = undefined;
      }
      tellGap(GAP_EVERY_MS);
    }
    tellGap(0);
    if (problem !== undefined) {
      problem = undefined;
      tell({ kind: 'writable', path: files.path() });
    }
  }

  async function failed(why: string): Promise<void> {
    await files.close();
    retry = setTimeout(start, options.retryMs);
    retry.unref();
    becomes(why);
  }

  /** Tells once that writing fails, and again when it fails for another reason. */
  function becomes(why: string): void {
    if (problem !== why && !(problem !== undefined && why === TOO_SLOW)) {
      problem = why;
      tell({ kind: 'unwritable', path: files.path(), problem: why });
    }
  }

  function tellGap(everyMs: number): void {
    if (performance.now() - gapToldAt < everyMs) {
      return;
    }
    const lost = losses.news();
    if (Object.keys(lost).length > 0) {
      gapToldAt = performance.now();
      tell({ kind: 'gap', path: files.path(), lost, problem: problem ?? TOO_SLOW });
    }
  }

  function start(): void {
    clearTimeout(retry);
    retry = undefined;
    running ??= writeAll().finally(() => {
      running = undefined;
      if (backlog.lines() > 0 && retry === undefined) {
        start();
      }
    });
  }

  async function flush(): Promise<void> {
    if (running === undefined && backlog.lines() > 0) {
      start();
    }
    while (running !== undefined) {
      await running;
    }
  }

  return {
    append(line) {
      if (closed) {
        return;
      }
      const gone = backlog.add(line);
      for (const kind of gone) {
        losses.add(kind);
      }
      if (gone.length > 0) {
        becomes(TOO_SLOW);
      }
      if (retry === undefined) {
        start();
      }
    },
    trouble() {
      const hangs = batchSince !== undefined && performance.now() - batchSince > HANGS_AFTER_MS;
      const why = problem ?? (hangs ? 'the disk does not answer' : undefined);
      return why === undefined
        ? files.misplaced()
        : `the journal ${files.path()} does not take all lines: ${why}; ${backlog.lines()} lines wait, ${losses.total()} are lost`;
    },
    flush,
    async close() {
      await Promise.race([flush(), expired(options.closeMs)]);
      closed = true;
      clearTimeout(retry);
      for (const kind of backlog.clear()) {
        losses.add(kind);
      }
      await Promise.race([files.close(), expired(options.closeMs)]);
    },
  };
}

/** Resolves after so many milliseconds, without keeping the process for them. */
function expired(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
