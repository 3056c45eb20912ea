import type { Random } from '../system/clients/seeded.ts';

/** Bytes at which readers change their minds: ends of classes in ASCII, controls, UTF-8 leads and continuations. */
const BYTES = [
  0, 9, 10, 13, 32, 34, 35, 37, 42, 44, 46, 47, 48, 49, 57, 58, 59, 63, 64, 91, 92, 93, 97, 123, 125, 127, 128, 191,
  194, 226, 237, 239, 240, 255,
];

interface Span {
  readonly start: number;
  readonly end: number;
}

type Mutation = (input: Uint8Array, random: Random, material: Material) => Uint8Array;

/** What mutations take from. */
export interface Material {
  readonly words: readonly Uint8Array[];
  readonly corpus: readonly Uint8Array[];
  readonly longest: number;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** A part of the input: one byte, a few, or any number. */
function someSpan(input: Uint8Array, random: Random): Span {
  const start = random.below(input.length + 1);
  const most = random.one([1, 1, 8, input.length]);
  return { start, end: Math.min(input.length, start + 1 + random.below(most)) };
}

function replaced(input: Uint8Array, { start, end }: Span, by: Uint8Array): Uint8Array {
  return join(input.subarray(0, start), by, input.subarray(end));
}

function at(input: Uint8Array, random: Random): Span {
  const start = random.below(input.length + 1);
  return { start, end: start };
}

function repeated(input: Uint8Array, span: Span, times: number): Uint8Array {
  return replaced(input, span, join(...Array<Uint8Array>(times).fill(input.subarray(span.start, span.end))));
}

const MUTATIONS: readonly Mutation[] = [
  function flipBit(input, random) {
    const { start } = at(input, random);
    const changed = Uint8Array.from(input);
    changed[start] = (changed[start] ?? 0) ^ (1 << random.below(8));
    return changed;
  },
  (input, random) => replaced(input, someSpan(input, random), Uint8Array.of(random.one(BYTES))),
  (input, random) => replaced(input, at(input, random), Uint8Array.of(random.one(BYTES))),
  (input, random) => replaced(input, at(input, random), Uint8Array.of(random.below(256))),
  (input, random) => replaced(input, someSpan(input, random), Uint8Array.of(random.below(256))),
  (input, random, { words }) => replaced(input, at(input, random), random.one(words)),
  (input, random, { words }) => replaced(input, someSpan(input, random), random.one(words)),
  (input, random) => replaced(input, someSpan(input, random), new Uint8Array()),
  function copyPart(input, random) {
    const { start, end } = someSpan(input, random);
    return replaced(input, at(input, random), input.subarray(start, end));
  },
  (input, random) => repeated(input, someSpan(input, random), 2 + random.below(5)),
  function crossOver(input, random, { corpus }) {
    const other = random.one(corpus);
    return join(input.subarray(0, at(input, random).start), other.subarray(at(other, random).start));
  },
  function takePart(input, random, { corpus }) {
    const other = random.one(corpus);
    const { start, end } = someSpan(other, random);
    return replaced(input, at(input, random), other.subarray(start, end));
  },
];

/** The input with one to four changes, mostly one. */
export function mutate(input: Uint8Array, random: Random, material: Material): Uint8Array {
  let mutated = input;
  for (let count = random.one([1, 1, 1, 2, 3, 4]); count > 0; count -= 1) {
    mutated = random.one(MUTATIONS)(mutated, random, material);
  }
  return mutated.subarray(0, material.longest);
}

/** The input with one part repeated until it is as long as it may be: what makes time grow faster than the input. */
export function stretch(input: Uint8Array, random: Random, { longest }: Material): Uint8Array {
  const span = someSpan(input, random);
  const room = Math.max(0, longest - input.length);
  return repeated(input, span, 1 + Math.floor(room / Math.max(1, span.end - span.start))).subarray(0, longest);
}
