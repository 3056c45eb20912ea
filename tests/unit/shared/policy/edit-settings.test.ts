import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editSettings, type SettingsEdit } from '../../../../shared/policy/edit-settings.ts';

/** The text with one value set. */
function set(text: string, path: readonly string[], value: SettingsEdit['value']): string | undefined {
  const bytes = editSettings(new TextEncoder().encode(text), [{ path, value }]);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

describe('a settings file with a value set', () => {
  it('is made where there is none yet', () => {
    expect(set('', ['a', 'b'], ['x'])).toBe('{\n  "a": {\n    "b": [\n      "x"\n    ]\n  }\n}\n');
  });

  it.each([
    [
      '{ "other" : 1.0e2 ,\n\t"a": {"b":[ "x" ] , "c":null} }\n\n',
      '{ "other" : 1.0e2 ,\n\t"a": {"b":[ "x", "y" ] , "c":null} }\n\n',
    ],
    ['{"a":{"b":["x","z"]}}', '{"a":{"b":["x","y"]}}'],
    ['{"a":{"b":["z", "x"]}}', '{"a":{"b":["x", "y"]}}'],
    ['{"a":{"b":[\n  "x"\n]}}', '{"a":{"b":[\n  "x",\n  "y"\n]}}'],
    ['{"a":{"b":[\r\n\t"w",\r\n\t"x"\r\n]}}', '{"a":{"b":[\r\n\t"x",\r\n\t"y"\r\n]}}'],
    ['{\n  "a": {\n    "b": []\n  }\n}', '{\n  "a": {\n    "b": [\n      "x",\n      "y"\n    ]\n  }\n}'],
    ['{"a":{"b":"no list"}}', '{"a":{"b":[\n  "x",\n  "y"\n]}}'],
  ])('keeps what its author wrote: %j', (text, wanted) => {
    expect(set(text, ['a', 'b'], ['x', 'y'])).toBe(wanted);
  });

  it('takes items out of a list, also all of them', () => {
    const text = '{"a": [\n  "x",\n  "y",\n  "z"\n]}';
    expect(set(text, ['a'], ['x', 'z'])).toBe('{"a": [\n  "x",\n  "z"\n]}');
    expect(set(text, ['a'], [])).toBe('{"a": []}');
  });

  it.each([
    ['{\n  "a": 1\n}', '{\n  "a": 1,\n  "b": true\n}'],
    ['{\n\t"a": 1\n}', '{\n\t"a": 1,\n\t"b": true\n}'],
    ['{\r\n    "a": 1\r\n}\r\n', '{\r\n    "a": 1,\r\n    "b": true\r\n}\r\n'],
    ['{"a":1}', '{"a":1, "b": true}'],
    ['{ }', '{\n  "b": true\n}'],
  ])('has a member more, as the others stand: %j', (text, wanted) => {
    expect(set(text, ['b'], true)).toBe(wanted);
  });

  it('makes objects on the way as deep as they belong', () => {
    expect(set('{\n\t"a": {\n\t\t"z": 1\n\t}\n}', ['a', 'b', 'c'], true)).toBe(
      '{\n\t"a": {\n\t\t"z": 1,\n\t\t"b": {\n\t\t\t"c": true\n\t\t}\n\t}\n}',
    );
  });

  it('finds keys in any case, as they are read', () => {
    expect(set('{"ENABLED":false}', ['enabled'], true)).toBe('{"ENABLED":true}');
  });

  it('keeps a byte order mark, and stars with backslashes before them', () => {
    const text = String.raw`﻿{"a":["container\*", "ps"],"b":false}`;
    expect(set(text, ['b'], true)).toBe(text.replace('false', 'true'));
    expect(set(text, ['a'], ['container*', 'push'])).toBe(text.replace('"ps"', '"push"'));
  });

  it.each(['[]', '{', '"x"', '{"a":[]}', '{"a":1,"a":2}'])('is left to its author: %s', (text) => {
    expect(set(text, ['a', 'b'], true)).toBeUndefined();
  });

  const key = fc.stringMatching(/^[a-z]{1,3}$/);
  const settings = fc.dictionary(key, fc.jsonValue());
  const indent = fc.constantFrom(undefined, 2, 4, '\t');

  it('differs in just that value, whatever it holds and however it is written', () => {
    fc.assert(
      fc.property(
        settings,
        fc.uniqueArray(fc.string()),
        fc.uniqueArray(fc.string()),
        indent,
        (others, old, value, space) => {
          const text = JSON.stringify({ ...others, target: old }, null, space);
          // Read back: JSON knows no -0.
          expect(JSON.parse(set(text, ['target'], value) ?? '')).toEqual({ ...JSON.parse(text), target: value });
          const without = JSON.stringify(others, null, space);
          expect(JSON.parse(set(without, ['target'], value) ?? '')).toEqual({ ...JSON.parse(without), target: value });
        },
      ),
    );
  });
});
