import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differenceOf } from '../../../../renderer/parts/difference-of.ts';

it('shows the lines that go and come between those that stay', () => {
  const shown = differenceOf('{\n  "a": 1\n}\n', '{\n  "a": 2,\n  "b": 3\n}\n');
  expect(shown.map(({ sign, text }) => sign + text)).toEqual([' {', '-  "a": 1', '+  "a": 2,', '+  "b": 3', ' }']);
});

it('can be read back to both texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const shown = differenceOf(before.join('\n'), after.join('\n'));
      expect(shown.filter(({ sign }) => sign !== '+').map(({ text }) => text)).toEqual(before);
      expect(shown.filter(({ sign }) => sign !== '-').map(({ text }) => text)).toEqual(after);
    }),
  );
});
