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

it('can be read back to both texts, where the skipped lines are known', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const readBack = (text: readonly string[], without: '+' | '-') => {
        const read: string[] = [];
        for (const line of differenceOf(before.join('\n'), after.join('\n'))) {
          if (line.sign === 'skipped') read.push(...text.slice(read.length, read.length + line.count));
          else if (line.sign !== without) read.push(line.text);
        }
        return read;
      };
      expect(readBack(before, '+')).toEqual(before);
      expect(readBack(after, '-')).toEqual(after);
    }),
  );
});
