import { scanHead } from '../../shared/http/request-head.ts';
import type { HeadProblem } from '../../shared/http/scan-head.ts';
import type { ByteSource } from './byte-source.ts';

export type HeadReading =
  | { readonly kind: 'head'; readonly bytes: Buffer }
  /** The stream ended between two messages. */
  | { readonly kind: 'end' }
  /** The stream ended in the middle of a head. */
  | { readonly kind: 'cut' }
  | HeadProblem;

/** Reads exactly one message head, leaving what follows it in the source. */
export async function readHead(source: ByteSource): Promise<HeadReading> {
  const first = await source.read();
  if (first === undefined) return { kind: 'end' };
  const append = appendingTo(first);
  let held = first;
  let scanned = 0;
  for (;;) {
    const scan = scanHead(held, scanned);
    if (scan.kind === 'refused') return scan;
    if (scan.kind === 'complete') {
      source.unread(held.subarray(scan.length));
      return { kind: 'head', bytes: held.subarray(0, scan.length) };
    }
    scanned = scan.scanned;
    const bytes = await source.read();
    if (bytes === undefined) return { kind: 'cut' };
    held = append(bytes);
  }
}

/** Grows by doubling, so that a head which comes byte by byte is not copied whole for each of them. */
function appendingTo(first: Buffer): (bytes: Buffer) => Buffer {
  let room = first;
  let length = first.length;
  return (bytes) => {
    const needed = length + bytes.length;
    if (needed > room.length) {
      const larger = Buffer.allocUnsafe(needed * 2);
      room.copy(larger, 0, 0, length);
      room = larger;
    }
    bytes.copy(room, length);
    length = needed;
    return room.subarray(0, length);
  };
}
