import { lineAndColumn } from '../json/read-json.ts';

/** The bytes of a settings file as the JSON reader gets them, with the way back to the file's own lines. */
export type SettingsBytes =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** Where a byte of `bytes` stands in the file, as an editor counts: a byte order mark takes no column. */
      readonly place: (offset: number) => { readonly line: number; readonly column: number };
      /** The offset in the file itself of a byte of `bytes`. */
      readonly inFile: (offset: number) => number;
      /** Offsets in `bytes` of the stars that had backslashes before them. */
      readonly escapedStars: readonly number[];
    }
  | { readonly ok: false; readonly problem: string };

const QUOTE = 0x22;
const STAR = 0x2a;
const BACKSLASH = 0x5c;

/**
 * Takes away what the strict JSON reader must not see: a UTF-8 byte order mark, and the backslashes of `\*` and `\\*`
 * inside strings. Docker's own table of command wildcards is printed with `"container\*"`, which is not JSON, and
 * with the backslash doubled it would be JSON for a name that no command has.
 */
export function settingsBytes(file: Uint8Array): SettingsBytes {
  const encoding = wideEncoding(file);
  if (encoding !== undefined) {
    return { ok: false, problem: `The file is encoded as ${encoding}; save it as UTF-8.` };
  }
  const text = file[0] === 0xef && file[1] === 0xbb && file[2] === 0xbf ? file.subarray(3) : file;
  const gaps = starEscapes(text);
  const bytes = new Uint8Array(text.length);
  let length = 0;
  let copied = 0;
  const escapedStars: number[] = [];
  for (const { at, backslashes } of gaps) {
    bytes.set(text.subarray(copied, at), length);
    length += at - copied;
    copied = at + backslashes;
    escapedStars.push(length);
  }
  bytes.set(text.subarray(copied), length);
  return {
    ok: true,
    bytes: bytes.subarray(0, length + text.length - copied),
    place: (offset) => lineAndColumn(text, originalOffset(gaps, offset)),
    inFile: (offset) => file.length - text.length + originalOffset(gaps, offset),
    escapedStars,
  };
}

/** Backslashes in the file that only stand before a star. */
interface StarEscape {
  readonly at: number;
  readonly backslashes: number;
}

/** The escaped stars inside strings, in the order of the file. */
function starEscapes(text: Uint8Array): readonly StarEscape[] {
  const found: StarEscape[] = [];
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === QUOTE) {
      inString = !inString;
    } else if (inString && text[at] === BACKSLASH) {
      const backslashes = backslashesBeforeStar(text, at);
      if (backslashes > 0) {
        found.push({ at, backslashes });
      }
      // Whatever was escaped has been seen, so that `\"` does not end the string.
      at += Math.max(1, backslashes);
    }
  }
  return found;
}

/** How many backslashes at this place only stand before a star: 1 for `\*`, 2 for `\\*`, else 0. */
function backslashesBeforeStar(text: Uint8Array, at: number): 0 | 1 | 2 {
  if (text[at + 1] === STAR) {
    return 1;
  }
  return text[at + 1] === BACKSLASH && text[at + 2] === STAR ? 2 : 0;
}

function originalOffset(gaps: readonly StarEscape[], offset: number): number {
  let original = offset;
  for (const { at, backslashes } of gaps) {
    if (at > original) {
      break;
    }
    original += backslashes;
  }
  return original;
}

/** By its byte order mark, or by the zero bytes that stand beside each byte of ASCII text then (RFC 4627 section 3). */
function wideEncoding(file: Uint8Array): 'UTF-16' | 'UTF-32' | undefined {
  const start = [...file.subarray(0, 4)];
  const zeros = start.map((byte) => (byte === 0 ? '0' : 'x')).join('');
  const [first, second] = start;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (zeros === 'x000' || zeros === '000x' || (isMarked && zeros === 'xx00') || start.join() === '0,0,254,255') {
    return 'UTF-32';
  }
  return isMarked || zeros === 'x0x0' || zeros === '0x0x' ? 'UTF-16' : undefined;
}
