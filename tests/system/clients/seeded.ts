/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below the limit; 0 for a limit of 0. */
  below(limit: number): number;
  one<T>(choices: readonly T[]): T;
}

/** Mulberry32, which is good enough for choosing and needs no dependency. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    one<T>(choices: readonly T[]): T {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('there is nothing to choose from');
      return chosen;
    },
  };
}

export function chance(random: Random, probability: number): boolean {
  return random.below(1_000_000) < probability * 1_000_000;
}

/** The seed of a run: LOCKKEEPER_SEED repeats one, which a failing test has in its name. */
export function chosenSeed(): number {
  return Number(process.env.LOCKKEEPER_SEED ?? Date.now() % 1_000_000);
}
