import type { Arbitrary } from 'fast-check';

/** One reader that is fuzzed, and everything that is known about its input. */
export interface Target {
  readonly name: string;
  /** The source files whose blocks count as coverage, as parts of their paths. */
  readonly files: readonly string[];
  /** What the language of the input is made of; mutations put it anywhere. */
  readonly words: readonly string[];
  /** Inputs that are well-formed, or nearly. */
  readonly inputs: Arbitrary<Uint8Array>;
  /** Bytes that an input has at most. */
  readonly longest: number;
  /**
   * Blocks of code that one byte of input may have executed, beside a fixed number for each input: a bound that does
   * not depend on how busy the machine is, and that quadratic time breaks with a few hundred bytes.
   */
  readonly mostBlocksPerByte: number;
  /** Throws when a property of the reader does not hold for this input. */
  check(input: Uint8Array): void | Promise<void>;
}

/** A property that does not hold, with the two values that should have been equal. */
export function same(what: string, one: unknown, other: unknown): void {
  const [left, right] = [JSON.stringify(one), JSON.stringify(other)];
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`);
}

export function holds(what: string, condition: boolean): void {
  if (!condition) throw new Error(what);
}

/** What is wrong with the reader, seen with this input; undefined when every property holds. */
export async function problemOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  try {
    await target.check(input);
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
