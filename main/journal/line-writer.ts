import {
  appendTo,
  isStillThere,
  type JournalFile,
  type OpenFile,
  openJournalFile,
  rotateJournalFile,
} from './journal-file.ts';

/** Lines on their way to a file. */
export interface LineWriter {
  /** Takes a line without its line end; returns at once and never throws. */
  append(line: string): void;
  /** Lines that will never be in the file. */
  lost(): number;
  /** Resolves once everything taken so far was written, or writing it was tried and failed. */
  flush(): Promise<void>;
  /** Flushes and closes; lines that come later are dropped without being counted. */
  close(): Promise<void>;
}

export interface LineWriterOptions {
  readonly path: string;
  /** The file is rotated before it grows beyond this. */
  readonly maxBytes: number;
  /** Bytes that may wait in memory while the disk is slow or full. */
  readonly backlogBytes: number;
  /** Milliseconds between two tries while writing fails. */
  readonly retryMs: number;
  /** Called when writing works again after lines were lost. */
  readonly onGap: (lines: number, problem: string) => void;
  readonly openFile?: OpenFile;
}

const BATCH_BYTES = 1024 * 1024;

/** Writes lines in order, in the background, in batches; survives a full disk and a folder that goes away. */
export function createLineWriter(options: LineWriterOptions): LineWriter {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let file: JournalFile | undefined;
  let running: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let problem: string | undefined;
  let lost = 0;
  let untold = 0;
  let closed = false;

  async function fileFor(bytes: number): Promise<JournalFile> {
    if (file !== undefined && !(await isStillThere(options.path, file))) {
      await abandon();
    }
    file ??= await openJournalFile(options.path, options.openFile);
    if (file.size > 0 && file.size + bytes > options.maxBytes) {
      await rotateJournalFile(options.path, file);
      file = undefined;
      file = await openJournalFile(options.path, options.openFile);
    }
    return file;
  }

  async function abandon(): Promise<void> {
    const old = file;
    file = undefined;
    await old?.handle.close().catch(() => undefined);
  }

  /** Lines that are whole in the file are forgotten; of a line that was cut, everything is written again later. */
  function forgetWritten(batch: readonly Buffer[], bytes: number): void {
    let whole = 0;
    for (let left = bytes; whole < batch.length; whole += 1) {
      left -= batch[whole]?.length ?? 0;
      if (left < 0) {
        break;
      }
    }
    waitingBytes -= batch.slice(0, whole).reduce((sum, line) => sum + line.length, 0);
    waiting = waiting.slice(whole);
  }

  async function writeBatch(): Promise<void> {
    const batch = firstOf(waiting, BATCH_BYTES);
    const data = Buffer.concat(batch);
    const target = await fileFor(data.length);
    const before = target.size;
    try {
      await appendTo(target, data);
    } finally {
      forgetWritten(batch, target.size - before);
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      try {
        await writeBatch();
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
        await abandon();
        retry = setTimeout(start, options.retryMs);
        retry.unref();
        return;
      }
    }
    if (untold > 0) {
      const lines = untold;
      untold = 0;
      options.onGap(lines, problem ?? 'the disk was too slow');
    }
    problem = undefined;
  }

  function start(): void {
    clearTimeout(retry);
    retry = undefined;
    running ??= writeAll().finally(() => {
      running = undefined;
      if (waiting.length > 0 && retry === undefined) {
        start();
      }
    });
  }

  async function flush(): Promise<void> {
    if (running === undefined && waiting.length > 0) {
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
      const bytes = Buffer.from(`${line}\n`);
      if (waitingBytes + bytes.length > options.backlogBytes) {
        lost += 1;
        untold += 1;
        return;
      }
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (retry === undefined) {
        start();
      }
    },
    lost: () => lost,
    flush,
    async close() {
      await flush();
      closed = true;
      clearTimeout(retry);
      lost += waiting.length;
      waiting = [];
      await abandon();
    },
  };
}

/** The first of `lines` that together have at most `bytes`, and at least one. */
function firstOf(lines: readonly Buffer[], bytes: number): readonly Buffer[] {
  let sum = 0;
  const end = lines.findIndex((line, index) => {
    sum += line.length;
    return index > 0 && sum > bytes;
  });
  return lines.slice(0, end === -1 ? lines.length : end);
}
