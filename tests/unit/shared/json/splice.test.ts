import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, readJson, toValue } from '../../../../shared/json/read-json.ts';
import {
  appendItems,
  appendMembers,
  changeItems,
  type Edit,
  removeItems,
  splice,
} from '../../../../shared/json/splice.ts';

const utf8 = new TextEncoder();

function spliced(text: string, edits: readonly Edit[]): string {
  return new TextDecoder().decode(splice(utf8.encode(text), edits));
}

function read(text: string): JsonNode {
  const result = readJson(utf8.encode(text));
  if (!result.ok) throw new Error(`${result.problem}: ${text}`);
  return result.node;
}

function arrayOf(text: string): JsonNode & { kind: 'array' } {
  const node = read(text);
  if (node.kind !== 'array') throw new Error(node.kind);
  return node;
}

function objectOf(text: string): JsonNode & { kind: 'object' } {
  const node = read(text);
  if (node.kind !== 'object') throw new Error(node.kind);
  return node;
}

describe('splice', () => {
  it.each<[string, readonly Edit[], string]>([
    ['abc', [], 'abc'],
    ['abc', [{ start: 1, end: 2, text: 'é' }], 'aéc'],
    ['abc', [{ start: 3, end: 3, text: 'd' }], 'abcd'],
    [
      'abc',
      [
        { start: 2, end: 3, text: 'Z' },
        { start: 0, end: 1, text: '' },
      ],
      'bZ',
    ],
    [
      'abc',
      [
        { start: 1, end: 1, text: '1' },
        { start: 1, end: 1, text: '2' },
      ],
      'a12bc',
    ],
    [
      'abc',
      [
        { start: 1, end: 2, text: 'B' },
        { start: 1, end: 1, text: '1' },
      ],
      'a1Bc',
    ],
    [
      'abc',
      [
        { start: 2, end: 2, text: '1' },
        { start: 1, end: 2, text: 'B' },
      ],
      'aB1c',
    ],
    ['abc', [{ start: 0, end: 3, text: '' }], ''],
  ])('of %j with %j is %j', (text, edits, result) => {
    expect(spliced(text, edits)).toBe(result);
  });

  it.each<[string, readonly Edit[]]>([
    [
      'overlapping replacements',
      [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 3, text: '' },
      ],
    ],
    [
      'the same replacement twice',
      [
        { start: 0, end: 1, text: '' },
        { start: 0, end: 1, text: '' },
      ],
    ],
    [
      'an insertion inside a replacement',
      [
        { start: 0, end: 2, text: '' },
        { start: 1, end: 1, text: 'x' },
      ],
    ],
    ['an end before its start', [{ start: 2, end: 1, text: '' }]],
    ['an end beyond the document', [{ start: 2, end: 4, text: '' }]],
    ['a negative start', [{ start: -1, end: 1, text: '' }]],
  ])('throws at %s', (_, edits) => {
    expect(() => spliced('abc', edits)).toThrow('overlaps');
  });

  it('equals replacing one after the other from the end, and leaves edits and bytes alone', () => {
    const cuts = fc.uniqueArray(fc.nat(30), { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(
        cuts,
        fc.array(fc.string({ maxLength: 3 }), { minLength: 4, maxLength: 4 }),
        fc.nat(),
        (list, texts, turn) => {
          const edits: Edit[] = [];
          for (let at = 0; at + 1 < list.length; at += 2) {
            edits.push({ start: list[at] ?? 0, end: list[at + 1] ?? 0, text: texts[at / 2] ?? '' });
          }
          const source = 'abcdefghijklmnopqrstuvwxyz01234';
          const naive = [...edits]
            .reverse()
            .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), source);
          const turned = [...edits.slice(turn % 4), ...edits.slice(0, turn % 4)];
          const before = structuredClone(turned);
          expect(spliced(source, turned)).toBe(new TextDecoder().decode(utf8.encode(naive)));
          expect(turned).toEqual(before);
        },
      ),
    );
  });
});

describe('changeItems', () => {
  it.each([
    ['[1, 2, 3]', [0], [], '[2, 3]'],
    ['[1, 2, 3]', [1], [], '[1, 3]'],
    ['[1, 2, 3]', [2], [], '[1, 2]'],
    ['[1, 2, 3]', [0, 1], [], '[3]'],
    ['[1, 2, 3]', [1, 2], [], '[1]'],
    ['[1, 2, 3]', [2, 0], [], '[2]'],
    ['[ 1, 2 ]', [0, 1], [], '[  ]'],
    ['[1, 2]', [0, 1], ['9'], '[9]'],
    ['[1, 2]', [1], ['8', '9'], '[1,8,9]'],
    ['[]', [], ['8', '9'], '[8,9]'],
    ['[ 1 ]', [], ['9'], '[ 1,9 ]'],
  ])('of %s without %j and with %j', (text, removed, added, result) => {
    expect(spliced(text, changeItems(arrayOf(text), removed, added))).toBe(result);
  });

  it('removes and adds as on values, with any items', () => {
    const items = fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        items,
        fc.array(fc.nat(6)),
        fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
        fc.nat(2),
        (list, removed, added, indent) => {
          const text = JSON.stringify(list, null, indent);
          const edits = changeItems(
            arrayOf(text),
            removed,
            added.map((value) => JSON.stringify(value)),
          );
          const expected = [...list.filter((_, at) => !removed.includes(at)), ...added];
          expect(JSON.stringify(toValue(read(spliced(text, edits))))).toBe(JSON.stringify(expected));
        },
      ),
    );
  });

  it('has short forms', () => {
    expect(spliced('[1,2]', removeItems(arrayOf('[1,2]'), [0]))).toBe('[2]');
    expect(spliced('[1,2]', appendItems(arrayOf('[1,2]'), ['3']))).toBe('[1,2,3]');
    expect(appendItems(arrayOf('[1,2]'), [])).toEqual([]);
  });
});

describe('appendMembers', () => {
  it.each([
    ['{}', '{"B\\"":[],"C":1}'],
    ['{ "a": {} }', '{ "a": {},"B\\"":[],"C":1 }'],
  ])('of %s', (text, result) => {
    const edits = appendMembers(objectOf(text), [
      ['B"', '[]'],
      ['C', '1'],
    ]);
    expect(spliced(text, edits)).toBe(result);
  });
});
