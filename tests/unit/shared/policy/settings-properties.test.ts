import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInValues, policyPaths } from '../../../../shared/policy/builtin-values.ts';
import { checkSettings } from '../../../fuzz/targets/settings.ts';
import { read } from './reading-settings.ts';

describe('readSettings, whatever it is given', () => {
  const atPath = (path: string, value: unknown): unknown =>
    path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), checkSettings));
    fc.assert(fc.property(fc.jsonValue(), (value) => checkSettings(new TextEncoder().encode(JSON.stringify(value)))));
  });

  it('takes a value only as it stands in the file', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('true', 'false', 'allow', 'deny', 'pass', 0, 1, [], ['*']),
    );
    fc.assert(
      fc.property(fc.constantFrom(...policyPaths), anything, (path, value) => {
        const reading = read(JSON.stringify(atPath(path, value)));
        if (reading.ok) {
          expect(reading.settings.values[path]).toEqual(JSON.parse(JSON.stringify(value)));
          expect(typeof value).toBe(typeof builtInValues[path]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('yields nothing from junk in our sections', () => {
    const junk = fc.jsonValue().filter((value) => JSON.stringify(value) !== '{}');
    fc.assert(
      fc.property(fc.constantFrom('enhancedContainerIsolation', 'lockkeeper'), junk, (section, value) => {
        expect(read(JSON.stringify({ [section]: value })).ok).toBe(false);
      }),
    );
  });
});
