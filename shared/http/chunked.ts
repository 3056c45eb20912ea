import { byteAt, COLON, CR, HEX, isA, LF, TEXT, TOKEN } from './characters.ts';

export type ChunkedScan =
  | { readonly kind: 'more' }
  /** `at`: the index after the last byte of the body, trailers included. */
  | { readonly kind: 'end'; readonly at: number }
  | ChunkedProblem;

/** Why the framing is refused, with the status that a client gets. */
export interface ChunkedProblem {
  readonly kind: 'refused';
  readonly status: 400 | 431;
  readonly problem: string;
}

export interface ChunkedScanner {
  /**
   * Goes on with the next bytes of the body, from an index to their end. `onData` gets the index range of each run of
   * chunk data. After `refused` or `end` every further call says so again.
   */
  scan(bytes: Uint8Array, from: number, onData?: (start: number, end: number) => void): ChunkedScan;
}

/** More would not be exact as a number (2^53 has 14). */
const MOST_SIZE_DIGITS = 15;
export const MAX_TRAILER_BYTES = 64 * 1024;

/** RFC 9110 §6.5.1: fields on which framing, routing, access or the meaning of the content depend. */
const FORBIDDEN_TRAILERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const LONGEST_FORBIDDEN = 24;

type Step =
  | 'size'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer-start'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf'
  | 'over';

interface State {
  step: Step;
  /** Bytes of the current chunk's data that are still to come, or its size as read so far. */
  size: number;
  digits: number;
  trailerBytes: number;
  /** The lower-case start of the trailer's name, long enough to know a forbidden one. */
  name: string;
}

function readSize(state: State, byte: number): string | undefined {
  if (isA(HEX, byte)) {
    state.digits += 1;
    state.size = state.size * 16 + Number.parseInt(String.fromCharCode(byte), 16);
    if (state.digits > MOST_SIZE_DIGITS || !Number.isSafeInteger(state.size)) return 'a chunk size is too large';
    return undefined;
  }
  if (state.digits === 0) return 'a chunk does not begin with its size in hexadecimal digits';
  if (byte !== CR) return 'a chunk size is followed by something else than CR LF (chunk extensions are not relayed)';
  state.step = 'size-lf';
  return undefined;
}

function readName(state: State, byte: number): string | undefined {
  if (isA(TOKEN, byte)) {
    if (state.name.length < LONGEST_FORBIDDEN) state.name += String.fromCharCode(byte).toLowerCase();
    return undefined;
  }
  if (byte !== COLON || state.name === '') return 'a trailer has no valid name before its colon';
  if (FORBIDDEN_TRAILERS.has(state.name) || state.name.startsWith('proxy-'))
    return `the trailer ${state.name} is forbidden`;
  state.step = 'trailer-value';
  return undefined;
}

/** Takes a byte that must be this one, and goes on to the next step. */
function expectByte(expected: number, next: Step, problem: string): (state: State, byte: number) => string | undefined {
  return (state, byte) => {
    state.step = next;
    return byte === expected ? undefined : problem;
  };
}

const MISPLACED_END = 'chunk data does not end with CR LF where its size says';

function afterSize(state: State, byte: number): string | undefined {
  state.step = state.size === 0 ? 'trailer-start' : 'data';
  return byte === LF ? undefined : 'a chunk size does not end with CR LF';
}

function afterData(state: State, byte: number): string | undefined {
  Object.assign(state, { step: 'size', size: 0, digits: 0 });
  return byte === LF ? undefined : MISPLACED_END;
}

/** Counts a byte of the trailers before it is taken: they are the only part of a body that could go on for ever. */
function counted(takeByte: (state: State, byte: number) => string | undefined) {
  return (state: State, byte: number): string | undefined => {
    state.trailerBytes += 1;
    if (state.trailerBytes > MAX_TRAILER_BYTES) return `the trailers are longer than ${MAX_TRAILER_BYTES} bytes`;
    return takeByte(state, byte);
  };
}

function startTrailer(state: State, byte: number): string | undefined {
  state.step = byte === CR ? 'last-lf' : 'trailer-name';
  state.name = '';
  return byte === CR ? undefined : readName(state, byte);
}

function readTrailerValue(state: State, byte: number): string | undefined {
  if (byte === CR) state.step = 'trailer-lf';
  return byte === CR || isA(TEXT, byte) ? undefined : 'a trailer has a control byte';
}

/** For each step but `data` and `over`: takes one byte; the problem when it is not what must come here. */
const TAKE: Readonly<Record<Exclude<Step, 'data' | 'over'>, (state: State, byte: number) => string | undefined>> = {
  size: readSize,
  'size-lf': afterSize,
  'data-cr': expectByte(CR, 'data-lf', MISPLACED_END),
  'data-lf': afterData,
  'trailer-start': counted(startTrailer),
  'trailer-name': counted(readName),
  'trailer-value': counted(readTrailerValue),
  'trailer-lf': counted(expectByte(LF, 'trailer-start', 'a trailer does not end with CR LF')),
  'last-lf': counted(expectByte(LF, 'over', 'the trailers do not end with an empty line')),
};

/**
 * Finds the end of a chunked body (RFC 9112 §7.1), however its bytes are split, and jumps over chunk data instead of
 * walking it. Strict, because the bytes go on as they came: no extensions, CR LF exactly, no framing in trailers.
 */
export function createChunkedScanner(): ChunkedScanner {
  const state: State = { step: 'size', size: 0, digits: 0, trailerBytes: 0, name: '' };
  let refusal: ChunkedScan | undefined;

  /** Jumps over the chunk data in the bytes; the index after it. */
  function skipData(from: number, length: number): number {
    const end = Math.min(length, from + state.size);
    state.size -= end - from;
    if (state.size === 0) state.step = 'data-cr';
    return end;
  }

  function scan(bytes: Uint8Array, from: number, onData?: (start: number, end: number) => void): ChunkedScan {
    if (refusal !== undefined) return refusal;
    let at = from;
    while (at < bytes.length && state.step !== 'over') {
      if (state.step === 'data') {
        const start = at;
        at = skipData(start, bytes.length);
        onData?.(start, at);
        continue;
      }
      const problem = TAKE[state.step](state, byteAt(bytes, at));
      if (problem !== undefined) {
        refusal = { kind: 'refused', status: state.trailerBytes > MAX_TRAILER_BYTES ? 431 : 400, problem };
        return refusal;
      }
      at += 1;
    }
    return state.step === 'over' ? { kind: 'end', at } : { kind: 'more' };
  }

  return { scan };
}
