/** What a byte may be in an HTTP/1.1 head: a bit set per byte, so that the hot loops are one table look-up a byte. */

/** RFC 9110 §5.6.2: a character of a token (method, field name, connection option). */
export const TOKEN = 1;
/** RFC 9110 §5.5: a byte of a field value: HTAB, SP, VCHAR and obs-text (0x80 and up). */
export const TEXT = 2;
/** Visible ASCII: what a request target may be made of before it is looked at more closely. */
export const VISIBLE = 4;
export const DIGIT = 8;
export const HEX = 16;

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COLON = 0x3a;

const ALPHANUMERIC = /[0-9A-Za-z]/;
const TOKEN_MARKS = "!#$%&'*+-.^_`|~";

function bitsOf(byte: number): number {
  if (byte >= 0x80) return TEXT;
  if (byte === TAB || byte === SPACE) return TEXT;
  if (byte < SPACE || byte === 0x7f) return 0;
  const char = String.fromCharCode(byte);
  let bits = TEXT | VISIBLE;
  if (ALPHANUMERIC.test(char) || TOKEN_MARKS.includes(char)) bits |= TOKEN;
  if (/[0-9]/.test(char)) bits |= DIGIT;
  if (/[0-9A-Fa-f]/.test(char)) bits |= HEX;
  return bits;
}

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => bitsOf(byte));

/** Whether the byte (0-255; anything else is in no class) belongs to one of the classes. */
export function isA(classes: number, byte: number): boolean {
  return ((BITS[byte] ?? 0) & classes) !== 0;
}

/** The byte at an index; NUL, which is legal nowhere in a head, beyond the end. */
export function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** Whether every character of the string belongs to one of the classes and there is at least one. */
export function consistsOf(classes: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (!isA(classes, text.charCodeAt(at))) return false;
  }
  return text.length > 0;
}

const LONGEST_QUOTE = 60;

/** A quotation of what the peer sent for a message: one line, printable ASCII, of limited length. */
export function quoted(text: string): string {
  let printable = '';
  for (const char of text.slice(0, LONGEST_QUOTE)) {
    const code = char.codePointAt(0) ?? 0;
    const plain = code >= SPACE && code < 0x7f;
    printable += plain ? char : `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `"${printable}${text.length > LONGEST_QUOTE ? '…' : ''}"`;
}
