/**
 * Bytes as the characters U+0000 to U+00FF and back. WHATWG's "latin1" is windows-1252, which maps 0x80-0x9f
 * elsewhere and would not give the same bytes back.
 */
const asciiDecoder = new TextDecoder('utf-8');
const encoder = new TextEncoder();

/** Few enough arguments for one call on every engine's stack. */
const CHUNK = 4096;

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) >= 0x80) return false;
  }
  return true;
}

/** Each byte as the character of the same number. */
export function fromLatin1(bytes: Uint8Array): string {
  if (isAscii(bytes)) return asciiDecoder.decode(bytes);
  const chunks: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    chunks.push(Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + CHUNK)));
  }
  return chunks.join('');
}

/** Each character as the byte of the same number; throws on a character above U+00FF, which no parser here makes. */
export function toLatin1(text: string): Uint8Array {
  const utf8 = encoder.encode(text);
  // As many bytes as characters: all are ASCII, which both encodings spell alike.
  if (utf8.length === text.length) return utf8;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`U+${code.toString(16)} is not a Latin-1 character`);
    bytes[at] = code;
  }
  return bytes;
}

/** Heads up to this size are decoded once and cut; the cuts of a longer one would keep all of it in memory. */
const DECODED_WHOLE = 4096;

/** Gives parts of the bytes as strings, by start and end index. */
export function latin1Parts(bytes: Uint8Array): (start: number, end: number) => string {
  if (bytes.length > DECODED_WHOLE) return (start, end) => fromLatin1(bytes.subarray(start, end));
  const text = fromLatin1(bytes);
  return (start, end) => text.slice(start, end);
}
