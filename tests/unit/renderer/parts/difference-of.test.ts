import fc from 'fast-check';
import { expect, it } from 'vitest';
import { differenceOf } from '../../../../renderer/parts/difference-of.ts';

/** The lines as they are shown. */
function shown(before: string, after: string): readonly string[] {
  return differenceOf(before, after).map((line) =>
    line.sign === 'skipped' ? `${line.count} skipped` : line.sign + line.text,
  );
}

it('shows the lines that go and come between those that stay', () => {
  const lines = shown('{\n  "a": 1\n}\n', '{\n  "a": 2,\n  "b": 3\n}\n');
  expect(lines).toEqual([' {', '-  "a": 1', '+  "a": 2,', '+  "b": 3', ' }']);
});

it('leaves out what is far from the change, and takes both kinds of line ends', () => {
  const before = ['1', '2', '3', '4', '5', 'x', '6', '7', '8', '9'];
  const after = before.with(5, 'y');
  for (const end of ['\n', '\r\n']) {
    expect(shown(before.join(end), after.join(end))).toEqual([
      '2 skipped',
      ' 3',
      ' 4',
      ' 5',
      '-x',
      '+y',
      ' 6',
      ' 7',
      ' 8',
      '1 skipped',
    ]);
  }
});

it('can be read back to both texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const back = (without: string) =>
        shown(['p', 'q', ...before].join('\n'), ['p', 'q', ...after].join('\n'))
          .filter((line) => !line.startsWith(without))
          .map((line) => line.slice(1));
      fc.pre(!back('').some((line) => line.endsWith('skipped')));
      expect(back('+')).toEqual(['p', 'q', ...before]);
      expect(back('-')).toEqual(['p', 'q', ...after]);
    }),
  );
});
