import { quoted } from './characters.ts';

/** `ignoreBOM` keeps U+FEFF as the character that it is; without it a leading one would vanish. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type Decoded =
  | { readonly ok: true; readonly text: string }
  /** The problem reads on from the name of the part: "has an invalid escape …". */
  | { readonly ok: false; readonly problem: string };

/** The value of a hexadecimal digit's character code, or -1. */
function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { ok: true, text: utf8.decode(bytes) };
  } catch {
    return { ok: false, problem: 'is not valid UTF-8 once its percent-escapes are decoded' };
  }
}

/**
 * Percent-decodes visible ASCII once, as Go's net/url does; `plusIsSpace` is for queries. Refuses escapes without two
 * hexadecimal digits, invalid UTF-8, and an encoded NUL, which no name or path can hold.
 */
export function percentDecode(text: string, plusIsSpace: boolean): Decoded {
  if (!text.includes('%')) return { ok: true, text: plusIsSpace ? text.replaceAll('+', ' ') : text };
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code === 0x25) {
      const high = hexValue(text.charCodeAt(at + 1));
      const low = hexValue(text.charCodeAt(at + 2));
      if (high < 0 || low < 0)
        return { ok: false, problem: `has the invalid escape ${quoted(text.slice(at, at + 3))}` };
      code = high * 16 + low;
      if (code === 0) return { ok: false, problem: 'has an encoded NUL byte' };
      at += 2;
    } else if (plusIsSpace && code === 0x2b) {
      code = 0x20;
    }
    bytes[length] = code;
    length += 1;
  }
  return decodeUtf8(bytes.subarray(0, length));
}
