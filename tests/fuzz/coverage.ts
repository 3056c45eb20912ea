import { type Profiler, Session } from 'node:inspector';

/** What V8 counted since the last time it was asked. */
export interface Counted {
  /** Bytes of source that never ran before. */
  readonly added: number;
  /** How often blocks ran, all of them together. */
  readonly blocks: number;
}

export interface Coverage {
  /** What ran since the last time that it was asked for; `learn`: it is known from now on. */
  take(learn: boolean): Counted;
  /** Bytes of source that are known to run. */
  covered(): number;
  /** From now on nothing is known. */
  forget(): void;
  stop(): void;
}

/** The bytes of a function that ran at least once; ranges come outer first, so that inner ones correct them. */
function ranBytes(ranges: readonly Profiler.CoverageRange[]): Uint8Array {
  const start = ranges[0]?.startOffset ?? 0;
  const ran = new Uint8Array((ranges[0]?.endOffset ?? 0) - start);
  for (const { startOffset, endOffset, count } of ranges) {
    ran.fill(count > 0 ? 1 : 0, startOffset - start, endOffset - start);
  }
  return ran;
}

/** How many bytes of a function ran that are not known to; `learn` adds them to those that are. */
function newBytes(known: Uint8Array, ran: Uint8Array, learn: boolean): number {
  let count = 0;
  for (let at = 0; at < ran.length; at += 1) {
    if (ran[at] !== 1 || known[at] === 1) continue;
    if (learn) known[at] = 1;
    count += 1;
  }
  return count;
}

/**
 * Block coverage of the files as V8 counts it for its debugger, which needs no instrumented copy of the source. Asking
 * costs about half a millisecond, so that it is asked once for many inputs.
 */
export function startCoverage(files: readonly string[]): Coverage {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const known = new Map<string, Uint8Array>();
  let covered = 0;

  /** The inspector answers at once when it is in the same thread. */
  function report(): readonly Profiler.ScriptCoverage[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      scripts = result;
    });
    return scripts.filter(({ url }) => files.some((file) => url.includes(file)));
  }

  function newInFunction(key: string, ranges: readonly Profiler.CoverageRange[], learn: boolean): number {
    const ran = ranBytes(ranges);
    const before = known.get(key) ?? new Uint8Array(ran.length);
    known.set(key, before);
    return newBytes(before, ran, learn);
  }

  // What ran while the modules were loaded is nobody's.
  report();
  return {
    take(learn) {
      let added = 0;
      let blocks = 0;
      for (const { url, functions } of report()) {
        for (const { ranges } of functions) {
          added += newInFunction(`${url}:${ranges[0]?.startOffset}`, ranges, learn);
          for (const { count } of ranges) blocks += count;
        }
      }
      if (learn) covered += added;
      return { added, blocks };
    },
    covered: () => covered,
    forget() {
      known.clear();
      covered = 0;
    },
    stop() {
      session.post('Profiler.stopPreciseCoverage');
      session.disconnect();
    },
  };
}
