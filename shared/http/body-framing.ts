import { consistsOf, DIGIT, quoted } from './characters.ts';

/** How a request's body is delimited on the wire (RFC 9112 §6). */
export type BodyFraming =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'chunked' };

/** So that every length is exact as a number. */
const MOST_DIGITS = 15;

export type FramingResult =
  | { readonly ok: true; readonly framing: BodyFraming }
  | { readonly ok: false; readonly tooLarge: boolean; readonly problem: string };

function readLength(value: string): FramingResult {
  if (!consistsOf(DIGIT, value)) {
    return { ok: false, tooLarge: false, problem: `Content-Length ${quoted(value)} is not one decimal number` };
  }
  if (value.length > MOST_DIGITS) {
    return {
      ok: false,
      tooLarge: true,
      problem: `Content-Length ${quoted(value)} has more than ${MOST_DIGITS} digits`,
    };
  }
  return { ok: true, framing: { kind: 'length', length: Number(value) } };
}

/**
 * The framing that the only Content-Length and the only Transfer-Encoding of a message mean. Both together are how
 * requests are smuggled (RFC 9112 §6.1), and so is every coding but exactly `chunked`.
 */
export function readFraming(length: string | undefined, coding: string | undefined): FramingResult {
  if (coding === undefined) {
    return length === undefined ? { ok: true, framing: { kind: 'none' } } : readLength(length);
  }
  if (length !== undefined) {
    return { ok: false, tooLarge: false, problem: 'the message has both a Content-Length and a Transfer-Encoding' };
  }
  if (coding.toLowerCase() !== 'chunked') {
    return { ok: false, tooLarge: false, problem: `Transfer-Encoding ${quoted(coding)} is not exactly "chunked"` };
  }
  return { ok: true, framing: { kind: 'chunked' } };
}
