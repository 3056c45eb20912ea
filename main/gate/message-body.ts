import type { BodyFraming } from '../../shared/http/body-framing.ts';
import { type ChunkedProblem, createChunkedScanner } from '../../shared/http/chunked.ts';
import type { ByteSource } from './byte-source.ts';
import { growingBytes } from './growing-bytes.ts';

/** Responses may also end with their connection (RFC 9112 §6.3, rule 8). */
export type Framing = BodyFraming | { readonly kind: 'until-close' };

export type BodyEnd =
  | { readonly kind: 'done' }
  /** The sender went away before the end. */
  | { readonly kind: 'cut' }
  /** The receiver went away. */
  | { readonly kind: 'sink-gone' }
  | ChunkedProblem;

/** Takes the bytes of a body as they are on the wire, chunk framing included; false when they can go no further. */
export type Sink = (wire: Buffer) => boolean | Promise<boolean>;

/** Moves one body from a source to a sink as bytes, and not one byte more. */
export async function relayBody(source: ByteSource, framing: Framing, sink: Sink): Promise<BodyEnd> {
  switch (framing.kind) {
    case 'none':
      return { kind: 'done' };
    case 'length':
      return relayLength(source, framing.length, sink);
    case 'chunked':
      return relayChunked(source, sink);
    case 'until-close':
      return relayLength(source, Number.POSITIVE_INFINITY, sink);
  }
}

async function relayLength(source: ByteSource, length: number, sink: Sink): Promise<BodyEnd> {
  let left = length;
  while (left > 0) {
    const bytes = await source.read();
    if (bytes === undefined) return { kind: length === Number.POSITIVE_INFINITY ? 'done' : 'cut' };
    if (bytes.length > left) source.unread(bytes.subarray(left));
    const mine = bytes.length > left ? bytes.subarray(0, left) : bytes;
    left -= mine.length;
    if (!(await sink(mine))) return { kind: 'sink-gone' };
  }
  return { kind: 'done' };
}

async function relayChunked(source: ByteSource, sink: Sink): Promise<BodyEnd> {
  const scanner = createChunkedScanner();
  for (;;) {
    const bytes = await source.read();
    if (bytes === undefined) return { kind: 'cut' };
    const scan = scanner.scan(bytes, 0);
    if (scan.kind === 'refused') return scan;
    const mine = scan.kind === 'end' ? bytes.subarray(0, scan.at) : bytes;
    if (scan.kind === 'end') source.unread(bytes.subarray(scan.at));
    if (!(await sink(mine))) return { kind: 'sink-gone' };
    if (scan.kind === 'end') return { kind: 'done' };
  }
}

export type CollectedBody =
  | { readonly kind: 'body'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'cut' }
  | ChunkedProblem;

/**
 * Reads a whole body into memory, its chunk framing taken off; at most `cap` bytes. `hold` is told how many are kept
 * so far.
 */
export async function collectBody(
  source: ByteSource,
  framing: Framing,
  cap: number,
  hold?: (bytes: number) => void,
): Promise<CollectedBody> {
  if (framing.kind === 'length' && framing.length > cap) return { kind: 'too-large' };
  const bytesSoFar = growingBytes();
  let bytes: Buffer = Buffer.alloc(0);
  const keep = (part: Buffer) => {
    bytes = bytesSoFar.add(part);
    hold?.(bytes.length);
    return bytes.length <= cap;
  };
  const end = framing.kind === 'chunked' ? await collectChunks(source, keep) : await relayBody(source, framing, keep);
  if (end.kind === 'sink-gone') return { kind: 'too-large' };
  return end.kind === 'done' ? { kind: 'body', bytes } : end;
}

async function collectChunks(source: ByteSource, keep: (part: Buffer) => boolean): Promise<BodyEnd> {
  const scanner = createChunkedScanner();
  for (;;) {
    const bytes = await source.read();
    if (bytes === undefined) return { kind: 'cut' };
    let fits = true;
    const scan = scanner.scan(bytes, 0, (start, end) => {
      fits = fits && keep(bytes.subarray(start, end));
    });
    if (!fits) return { kind: 'sink-gone' };
    if (scan.kind === 'refused') return scan;
    if (scan.kind !== 'end') continue;
    source.unread(bytes.subarray(scan.at));
    return { kind: 'done' };
  }
}
