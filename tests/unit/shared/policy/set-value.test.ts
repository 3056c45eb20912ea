import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setValue } from '../../../../shared/policy/set-value.ts';

describe('setting one value of a settings file', () => {
  it('makes the file that is not there yet', () => {
    expect(setValue('', ['a', 'b'], ['x'])).toBe('{\n  "a": {\n    "b": [\n      "x"\n    ]\n  }\n}\n');
  });

  it('replaces a value and leaves every other character alone', () => {
    const text = '{ "other" : 1.0e2 ,\n\t"a": {"b":[ "x" ] , "c":null} }\n\n';
    expect(setValue(text, ['a', 'b'], ['x', 'y'])).toBe(
      '{ "other" : 1.0e2 ,\n\t"a": {"b":[\n      "x",\n      "y"\n    ] , "c":null} }\n\n',
    );
  });

  it('adds a member after the last one, and one to an empty object', () => {
    expect(setValue('{\n  "a": 1\n}', ['b'], true)).toBe('{\n  "a": 1,\n  "b": true\n}');
    expect(setValue('{"a": { }}', ['a', 'b'], true)).toBe('{"a": {\n    "b": true\n  }}');
  });

  it('finds keys in any case, as they are read', () => {
    expect(setValue('{"ENABLED":false}', ['enabled'], true)).toBe('{"ENABLED":true}');
  });

  it.each(['[]', '{', '"x"', '{"a":[]}', '{"a":1,"a":2}'])('leaves %s to the user', (text) => {
    expect(setValue(text, ['a', 'b'], true)).toBeUndefined();
  });

  it('changes just that value, whatever the file holds', () => {
    const key = fc.stringMatching(/^[a-z]{1,3}$/);
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), fc.array(fc.string()), (settings, value) => {
        const text = JSON.stringify(settings, null, 2);
        const changed = setValue(text, ['target'], value);
        // Read back: JSON knows no -0.
        expect(JSON.parse(changed ?? '')).toEqual({ ...JSON.parse(text), target: value });
      }),
    );
  });
});
