import type { JsonProblem } from '../json/read-json.ts';

/** What people do not see, or take for something else, when they have copied an example from a page. */
const characters: ReadonlyMap<number, string> = new Map([
  [0x00, 'a NUL byte'],
  [0x22, 'a double quote'],
  [0xa0, 'a no-break space (U+00A0)'],
  [0x200b, 'an invisible space (U+200B)'],
  [0x2018, 'a typographic quote (U+2018)'],
  [0x2019, 'a typographic quote (U+2019)'],
  [0x201c, 'a typographic quote (U+201C)'],
  [0x201d, 'a typographic quote (U+201D)'],
  [0x201e, 'a typographic quote (U+201E)'],
  [0xfeff, 'a byte order mark (U+FEFF)'],
]);

/** What stands raw in a string and must not, and what is probably meant. */
const inStrings: ReadonlyMap<number, string> = new Map([
  [0x00, 'a string has a NUL byte in it: remove it'],
  [0x09, 'a string has a raw tab in it: write it as \\t'],
  [0x0a, 'a string does not end on its line: close it with a double quote'],
  [0x0d, 'a string does not end on its line: close it with a double quote'],
]);

/**
 * Says for people who write settings what the JSON reader found wrong: it speaks of bytes, they see characters.
 *
 * @param bytes What the reader was given; valid UTF-8 wherever it speaks of a byte.
 */
export function syntaxProblem(bytes: Uint8Array, { offset, problem }: JsonProblem): string {
  if (problem === 'the document is not valid UTF-8') {
    return 'The file is not valid UTF-8 from here on; save it as UTF-8';
  }
  const raw = /raw control character/.test(problem) ? inStrings.get(bytes[offset] ?? 0x20) : undefined;
  const words =
    raw ??
    problem
      .replace(/the byte 0x[0-9a-f]{2}|"""/, () => characterAt(bytes, offset))
      // A bare word of the file would read like one of the sentence.
      .replace(/^there is ([^\s"]+) where/, 'there is "$1" where');
  return `The file is not valid JSON: ${words}`;
}

function characterAt(bytes: Uint8Array, offset: number): string {
  // No character of UTF-8 is longer; `ignoreBOM` keeps the mark itself.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(offset, offset + 4));
  const code = text.codePointAt(0) ?? 0;
  return characters.get(code) ?? `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
