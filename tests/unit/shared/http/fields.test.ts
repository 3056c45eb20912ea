import { describe, expect, it } from 'vitest';
import { listedTokens, MAX_FIELDS, parseFields, withoutBlanks } from '../../../../shared/http/fields.ts';
import { latin1Parts } from '../../../../shared/http/latin1.ts';
import { bytesOf } from './latin1-bytes.ts';

function parse(text: string) {
  const bytes = bytesOf(text);
  return parseFields(bytes, 0, latin1Parts(bytes));
}

describe('parseFields', () => {
  it('takes names, values and nothing around them', () => {
    expect(parse('A: b \r\nc:\t\t\r\nD:e\tf \t\r\n\r\n')).toEqual({
      ok: true,
      fields: [
        { name: 'A', lower: 'a', value: 'b' },
        { name: 'c', lower: 'c', value: '' },
        { name: 'D', lower: 'd', value: 'e\tf' },
      ],
    });
  });

  it.each([
    [' A: b\r\n\r\n', 'begins with white space'],
    ['A: b\r\n\tc\r\n\r\n', 'begins with white space'],
    ['A : b\r\n\r\n', 'the header name "A" has white space'],
    [': b\r\n\r\n', 'no name before its colon'],
    ['A\r\n\r\n', 'the header line "A" has no colon'],
    ['A\xe9: b\r\n\r\n', 'a header name has the byte 0xe9'],
    ['A(: b\r\n\r\n', 'a header name has the byte 0x28'],
    ['A: b\0cD: e\r\n\r\n', 'the value of the header "A" has a control byte'],
    ['A: b\rcD: e\r\n\r\n', 'the value of the header "A" has a control byte'],
    ['A: b\0\nD: e\r\n\r\n', 'the value of the header "A" has a control byte'],
    ['A: b', 'the value of the header "A" has a control byte'],
    ['A: b\r\n\rX', 'does not end with one empty line'],
    ['A: b\r\n\r\nC: d\r\n\r\n', 'does not end with one empty line'],
    ['A: b\r\n', 'a header name has the byte 0x0'],
  ])('refuses %j', (text, words) => {
    expect(parse(text)).toEqual({ ok: false, tooMany: false, problem: expect.stringContaining(words) });
  });

  it('takes so many fields and not one more', () => {
    expect(parse(`${'a:\r\n'.repeat(MAX_FIELDS)}\r\n`)).toMatchObject({ ok: true });
    expect(parse(`${'a:\r\n'.repeat(MAX_FIELDS + 1)}\r\n`)).toMatchObject({ ok: false, tooMany: true });
  });
});

describe('listedTokens', () => {
  const fields = [
    { name: 'A', lower: 'a', value: ' x ,,Y\t,' },
    { name: 'B', lower: 'b', value: 'no token' },
    { name: 'a', lower: 'a', value: 'z' },
    { name: 'c', lower: 'c', value: '  ' },
  ];

  it('gathers the members of all fields of the name', () => {
    expect(listedTokens(fields, 'a')).toEqual(['x', 'y', 'z']);
    expect(listedTokens(fields, 'c')).toEqual([]);
    expect(listedTokens(fields, 'd')).toEqual([]);
  });

  it('knows what is no list of tokens', () => {
    expect(listedTokens(fields, 'b')).toBeUndefined();
  });
});

describe('withoutBlanks', () => {
  it('takes spaces and tabs off, and no other white space', () => {
    expect(withoutBlanks(' \ta b\t ')).toBe('a b');
    expect(withoutBlanks('\xa0a\x0b')).toBe('\xa0a\x0b');
    expect(withoutBlanks(' \t ')).toBe('');
  });
});
