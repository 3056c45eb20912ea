import { scanHead } from '../../shared/http/request-head.ts';
import type { HeadProblem } from '../../shared/http/scan-head.ts';
import type { ByteSource } from './byte-source.ts';
import { growingBytes } from './growing-bytes.ts';

export type HeadReading =
  | { readonly kind: 'head'; readonly bytes: Buffer }
  /** The stream ended between two messages. */
  | { readonly kind: 'end' }
  /** The stream ended in the middle of a head. */
  | { readonly kind: 'cut' }
  | HeadProblem;

/**
 * Reads exactly one message head, leaving what follows it in the source. `hold` is told how many bytes are kept while
 * the rest of it is awaited.
 */
export async function readHead(source: ByteSource, hold?: (bytes: number) => void): Promise<HeadReading> {
  const first = await source.read();
  if (first === undefined) return { kind: 'end' };
  const bytesSoFar = growingBytes();
  let held = bytesSoFar.add(first);
  let scanned = 0;
  for (;;) {
    const scan = scanHead(held, scanned);
    if (scan.kind === 'refused') return scan;
    if (scan.kind === 'complete') {
      source.unread(held.subarray(scan.length));
      return { kind: 'head', bytes: held.subarray(0, scan.length) };
    }
    scanned = scan.scanned;
    hold?.(held.length);
    const bytes = await source.read();
    if (bytes === undefined) return { kind: 'cut' };
    held = bytesSoFar.add(bytes);
  }
}
