import { describe, expect, it } from 'vitest';
import { FILE, problems } from './reading-settings.ts';

const json = 'The file is not valid JSON:';
const empty = '1:1: The file is empty; write {} for a file that sets nothing.';
const utf16 = '1:1: The file is encoded as UTF-16; save it as UTF-8.';
const notUtf8 = 'The file is not valid UTF-8 from here on; save it as UTF-8.';
const notAnObject = 'The file must hold one JSON object: { … }.';
const trailing = 'a comma before a closing bracket is not JSON (trailing comma): remove it.';
const halfPair = 'half of a surrogate pair stands alone; readers replace it in different ways.';

function utf16Bytes(text: string, order: 'little' | 'big'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'big' ? bytes.swap16() : bytes;
}

/** What is wrong, the file, and what is said about it, word by word: these are read by people in trouble. */
const table: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['an empty file', '', empty],
  ['blanks', ' \r\n\t ', empty],
  ['nothing but a byte order mark', '\ufeff', empty],
  ['a list', ' []', `1:2: ${notAnObject}`],
  ['a string', '"x"', `1:1: ${notAnObject}`],
  ['a number', '\n1', `2:1: ${notAnObject}`],
  ['null', 'null', `1:1: ${notAnObject}`],
  ['YAML', 'locked: true\n', `1:1: ${json} there is "locked" where a JSON value is expected.`],
  [
    'a missing bracket',
    '{\n  "lockkeeper": {\n',
    `3:1: ${json} the document ends where a key in double quotes is expected.`,
  ],
  ['a line comment', '{\n  // why\n}', `2:3: ${json} comments are not JSON: remove it.`],
  ['a block comment', '{ /* why */ }', `1:3: ${json} comments are not JSON: remove it.`],
  ['a shell comment', '{\n# why\n}', `2:1: ${json} comments are not JSON: remove it.`],
  ['a trailing comma in an object', '{\n  "a": 1,\n}', `2:9: ${json} ${trailing}`],
  ['a trailing comma in a list', '{"a": [1,]}', `1:9: ${json} ${trailing}`],
  [
    'a missing comma',
    '{"a": 1\n "b": 2}',
    `2:2: ${json} there is a double quote where a comma or the end of the object is expected.`,
  ],
  ['two commas', '{"a": 1,, "b": 2}', `1:9: ${json} there is a comma where a key in double quotes is expected.`],
  ['a missing colon', '{"a" 1}', `1:6: ${json} there is "1" where a colon after the key is expected.`],
  [
    'a key without quotes',
    '{locked: true}',
    `1:2: ${json} there is "locked" where a key in double quotes is expected.`,
  ],
  ['single quotes', "{'a': 1}", `1:2: ${json} strings and keys take double quotes in JSON.`],
  ['a second value', '{}{}', `1:3: ${json} there is "{" where the end of the document is expected.`],
  ['a conflict of versions', '<<<<<<< HEAD\n{}', `1:1: ${json} there is "<" where a JSON value is expected.`],
  ['a duplicate key', '{"a": {"b": 1,\n "b": 2}}', `2:2: ${json} the key "b" comes twice in one object: remove one.`],
  [
    'a duplicate key by escapes',
    '{"a": 1, "\\u0061": 2}',
    `1:10: ${json} the key "a" comes twice in one object: remove one.`,
  ],
  ['a string without an end', '{"a": "b', `1:7: ${json} this string has no closing quote.`],
  [
    'a string that goes on on the next line',
    '{"a": "b}\n',
    `1:10: ${json} a string does not end on its line: close it with a double quote.`,
  ],
  [
    'the same in a file with CRLF',
    '{\r\n"a": "b}\r\n',
    `2:9: ${json} a string does not end on its line: close it with a double quote.`,
  ],
  ['a tab in a string', '{"a": "\t"}', `1:8: ${json} a string has a raw tab in it: write it as \\t.`],
  ['a NUL byte in a string', '{"a": "\0"}', `1:8: ${json} a string has a NUL byte in it: remove it.`],
  [
    'another control character in a string',
    '{"a": "\u001b"}',
    `1:8: ${json} a string has a raw control character; escape it (a line end is "\\n").`,
  ],
  ['a NUL byte', '{}\0', `1:3: ${json} there is a NUL byte where the end of the document is expected.`],
  ['nothing but NUL bytes', '\0'.repeat(8), `1:1: ${json} there is a NUL byte where a JSON value is expected.`],
  ['an invalid escape', '{"a": "\\x"}', `1:8: ${json} this backslash escapes nothing; write a backslash as "\\\\".`],
  ['half an escape', '{"a": "\\u12"}', `1:8: ${json} "\\u" is not followed by four hexadecimal digits.`],
  [
    'a backslash and a star outside strings',
    '{"a": \\*}',
    `1:7: ${json} there is "\\" where a JSON value is expected.`,
  ],
  ['the first half of a surrogate pair', '{"a": "\\ud800"}', `1:8: ${json} ${halfPair}`],
  ['the second half', '{"a": "\\udc00"}', `1:8: ${json} ${halfPair}`],
  [
    'a hexadecimal number',
    '{"a": 0x10}',
    `1:8: ${json} there is "x10" where a comma or the end of the object is expected.`,
  ],
  ['leading zeros', '{"a": 012}', `1:7: ${json} a number has leading zeros.`],
  ['a plus sign', '{"a": +1}', `1:7: ${json} there is "+1" where a JSON value is expected.`],
  ['nothing after a decimal point', '{"a": 1.}', `1:7: ${json} a number has no digit after its decimal point.`],
  ['nothing before a decimal point', '{"a": .5}', `1:7: ${json} there is ".5" where a JSON value is expected.`],
  ['an exponent without digits', '{"a": 1e}', `1:7: ${json} a number has no digit in its exponent.`],
  ['a number without end', `{"a": ${'1'.repeat(1001)}}`, `1:7: ${json} a number is longer than 1000 characters.`],
  ['NaN', '{"a": NaN}', `1:7: ${json} there is "NaN" where a JSON value is expected.`],
  ["Python's True", '{"a": True}', `1:7: ${json} there is "True" where a JSON value is expected.`],
  [
    'a no-break space',
    '{\u00a0"a": 1}',
    `1:2: ${json} there is a no-break space (U+00A0) where a key in double quotes is expected.`,
  ],
  [
    'an invisible space',
    '{}\u200b',
    `1:3: ${json} there is an invisible space (U+200B) where the end of the document is expected.`,
  ],
  [
    'typographic quotes',
    '{\u201ca\u201d: 1}',
    `1:2: ${json} there is a typographic quote (U+201C) where a key in double quotes is expected.`,
  ],
  [
    'a character of four bytes',
    '{"é": \u{1f512}}',
    `1:7: ${json} there is the character U+1F512 where a JSON value is expected.`,
  ],
  ['a form feed', '{\f}', `1:2: ${json} there is the character U+000C where a key in double quotes is expected.`],
  [
    'a byte order mark inside',
    '{\ufeff}',
    `1:2: ${json} there is a byte order mark (U+FEFF) where a key in double quotes is expected.`,
  ],
  ['two byte order marks', '\ufeff\ufeff{}', `1:1: ${json} the document begins with a byte order mark: remove it.`],
  ['a byte that is not UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22]), `1:3: ${notUtf8}`],
  ['Latin-1', Buffer.from('{\n "a": "é"}', 'latin1'), `2:8: ${notUtf8}`],
  ['half a surrogate pair as bytes', Uint8Array.from([0x7b, 0x22, 0xed, 0xb0, 0x80, 0x22]), `1:3: ${notUtf8}`],
  ['a compressed file', Uint8Array.from([0x1f, 0x8b, 8, 0]), `1:2: ${notUtf8}`],
  ['UTF-16, little endian, with its mark', utf16Bytes('\ufeff{}', 'little'), utf16],
  ['UTF-16, big endian, with its mark', utf16Bytes('\ufeff{}', 'big'), utf16],
  ['UTF-16, little endian', utf16Bytes('\n{"a": 1}', 'little'), utf16],
  ['UTF-16, big endian', utf16Bytes('\n{"a": 1}', 'big'), utf16],
  ['depth without end', '['.repeat(500_000), `1:201: ${json} the document is nested more than 200 deep.`],
  ['depth in objects', '{"a":'.repeat(300), `1:1001: ${json} the document is nested more than 200 deep.`],
];

describe('readSettings: files that cannot be read', () => {
  it.each(table)('%s', (_what, contents, problem) => {
    expect(problems(contents)).toEqual([`${FILE}:${problem}`]);
  });
});
