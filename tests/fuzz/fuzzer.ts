import fc from 'fast-check';
import { type Random, seeded } from '../system/clients/seeded.ts';
import { startCoverage } from './coverage.ts';
import { distil } from './distil.ts';
import { minimise } from './minimise.ts';
import { type Material, mutate, stretch } from './mutate.ts';
import { problemOf, type Target } from './target.ts';

export interface Finding {
  readonly input: Uint8Array;
  readonly problem: string;
}

export interface FuzzResult {
  readonly executions: number;
  /** Bytes of the target's source that ran. */
  readonly covered: number;
  /** Inputs that together run all that. */
  readonly corpus: readonly Uint8Array[];
  readonly finding: Finding | undefined;
}

export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  /** Has the corpus cut down to what its coverage needs, which takes some seconds. */
  readonly distilled?: boolean;
}

/** Coverage is asked for once a batch; only a batch that ran something new is gone through input by input. */
const BATCH = 64;
/** How many of a batch are made from nothing, which takes far longer than to change what is there. */
const GENERATED = 4;
/** What one input may cost beside its length: messages, tables, the second reader. */
const BLOCKS_PER_INPUT = 5_000;

/** The finding in its shortest form: another input that breaks the same property. */
async function shortest(target: Target, { input, problem }: Finding): Promise<Finding> {
  const kind = problem.slice(0, 40);
  const cut = await minimise(input, async (shorter) => (await problemOf(target, shorter))?.startsWith(kind) === true);
  return { input: cut, problem: (await problemOf(target, cut)) ?? problem };
}

/**
 * Runs a target on changed inputs of its corpus and on generated ones, and keeps each that has a block of code run
 * which none before did. Stops at the deadline, or with the first finding.
 */
export async function fuzz(
  target: Target,
  { seconds, seed, corpus: seeds, distilled = false }: FuzzOptions,
): Promise<FuzzResult> {
  const random = seeded(seed);
  const coverage = startCoverage(target.files);
  const corpus: Uint8Array[] = [];
  let finding: Finding | undefined;
  const material: Material = {
    words: target.words.map((word) => Uint8Array.from(Buffer.from(word))),
    corpus,
    longest: target.longest,
  };
  let executions = 0;

  async function run(input: Uint8Array): Promise<void> {
    executions += 1;
    const problem = await problemOf(target, input);
    if (problem !== undefined) finding ??= await shortest(target, { input, problem });
  }

  /** Input by input: which of them run something new, and which run too much. */
  async function sift(inputs: readonly Uint8Array[]): Promise<void> {
    for (const input of inputs) {
      await run(input);
      const { added, blocks } = coverage.take(true);
      if (added > 0) corpus.push(input);
      if (blocks > BLOCKS_PER_INPUT + input.length * target.mostBlocksPerByte) {
        finding ??= { input, problem: `${input.length} bytes had ${blocks} blocks of code run` };
      }
    }
  }

  function nextBatch(): readonly Uint8Array[] {
    const generated = fc
      .sample(target.inputs, { numRuns: GENERATED, seed: random.below(2 ** 31) })
      .filter(({ length }) => length <= target.longest);
    const mutated = Array.from({ length: BATCH - generated.length }, () =>
      mutate(choose(corpus, random), random, material),
    );
    return [...generated, ...mutated];
  }

  const deadline = performance.now() + seconds * 1000;
  await sift([new Uint8Array(), ...seeds]);
  if (corpus.length === 0) corpus.push(new Uint8Array());
  while (performance.now() < deadline && finding === undefined) {
    const batch = nextBatch();
    for (const input of batch) await run(input);
    if (coverage.take(false).added > 0) await sift(batch);
    await sift([stretch(random.one(corpus), random, material)]);
  }
  const covered = coverage.covered();
  const kept = distilled ? await distil(target, corpus, coverage) : corpus;
  coverage.stop();
  return { executions, covered, corpus: kept, finding };
}

/** Mostly one of those that were found last, since what they reach is less explored. */
function choose(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  const recent = random.below(2) === 0 ? corpus.slice(-8) : corpus;
  return random.one(recent);
}
