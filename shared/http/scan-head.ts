import { byteAt, CR, isA, LF, TEXT } from './characters.ts';

/** The most bytes a head may have in all: large `X-Registry-Config` fields are real. */
export const MAX_HEAD_BYTES = 1 << 20;

/** Why a request head is refused, with the status that the peer gets. */
export type HeadProblem = {
  readonly kind: 'refused';
  readonly status: 400 | 413 | 417 | 431 | 505;
  readonly problem: string;
};

export function refused(status: HeadProblem['status'], problem: string): HeadProblem {
  return { kind: 'refused', status, problem };
}

/** The first byte of a TLS handshake record: a client that takes our socket for an HTTPS one. */
const TLS_HANDSHAKE = 0x16;

function refusedByte(byte: number, at: number): HeadProblem {
  if (byte === LF) {
    return refused(400, 'the head has a line feed without a carriage return before it; lines end with CR LF');
  }
  if (byte === TLS_HANDSHAKE && at === 0) {
    return refused(400, 'this looks like TLS; this socket speaks plain HTTP, so use http:// and no DOCKER_TLS_VERIFY');
  }
  return refused(400, `the head has the control byte 0x${byte.toString(16).padStart(2, '0')}`);
}

/**
 * Finds the end of a request's or response's head: `bytes` starts with the head and holds all of it that has come,
 * `from` is what the former call returned as `scanned` (at first 0), so that a drip-fed head costs linear time.
 * `length` counts the final empty line. Refuses at once a bare CR or LF, other control bytes, an empty line before
 * the head, and more than MAX_HEAD_BYTES.
 */
export function scanHead(
  bytes: Uint8Array,
  from: number,
): { kind: 'incomplete'; scanned: number } | { kind: 'complete'; length: number } | HeadProblem {
  const limit = Math.min(bytes.length, MAX_HEAD_BYTES);
  let at = from;
  while (at < limit) {
    const byte = byteAt(bytes, at);
    if (isA(TEXT, byte)) {
      at += 1;
      continue;
    }
    if (byte !== CR) return refusedByte(byte, at);
    if (at + 1 >= limit) break;
    if (byteAt(bytes, at + 1) !== LF) {
      return refused(400, 'the head has a carriage return without a line feed after it; lines end with CR LF');
    }
    if (at === 0) return refused(400, 'there is an empty line before the head');
    if (byteAt(bytes, at - 1) === LF) return { kind: 'complete', length: at + 2 };
    at += 2;
  }
  if (bytes.length >= MAX_HEAD_BYTES) {
    return refused(431, `the head is longer than ${MAX_HEAD_BYTES} bytes`);
  }
  return { kind: 'incomplete', scanned: at };
}
