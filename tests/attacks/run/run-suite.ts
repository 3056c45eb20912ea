import fc from 'fast-check';
import type { Attack, AttackClass } from '../attack.ts';
import { generators } from '../generators/generators.ts';
import type { Stage } from '../stage/stage.ts';
import { doorAt } from '../wire/door.ts';
import { isAlive, type Outcome, runAttack, works } from './run-attack.ts';

export interface Result {
  /** `class/id` */
  readonly attack: string;
  readonly title: string;
  readonly outcome: Outcome;
}

export interface Selection {
  /** Classes or `class/id`s; all without. */
  readonly only?: readonly string[];
  readonly quick?: boolean;
}

export interface Walk {
  readonly onResult?: (result: Result) => void;
}

export function selected(classes: readonly AttackClass[], { only, quick }: Selection): [AttackClass, Attack][] {
  return classes
    .flatMap((one) => one.attacks.map((attack): [AttackClass, Attack] => [one, attack]))
    .filter(
      ([one, attack]) => only === undefined || only.includes(one.name) || only.includes(`${one.name}/${attack.id}`),
    )
    .filter(([, attack]) => quick !== true || attack.quick === true);
}

/** Runs attacks one after the other: some move names and settings that belong to the whole engine. */
export async function runAttacks(
  stage: Stage,
  attacks: readonly (readonly [AttackClass, Attack])[],
  { onResult }: Walk = {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [{ name }, attack] of attacks) {
    const result = { attack: `${name}/${attack.id}`, title: attack.title, outcome: await runAttack(stage, attack) };
    results.push(result);
    onResult?.(result);
  }
  return results;
}

export interface Generated {
  /** How many of each class. */
  readonly runs: number;
  readonly seed: number;
  readonly only?: readonly string[] | undefined;
}

/** Tries generated attacks of each class through the filter, up to the first that gets past. The engine judges them. */
export async function runGenerated(
  stage: Stage,
  { runs, seed, only }: Generated,
  { onResult }: Walk = {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, attacks } of generators.filter(({ name }) => only === undefined || only.includes(name))) {
    let tried = 0;
    const holds = fc.asyncProperty(attacks, async (attack) => {
      const worked = await works(stage, attack, doorAt(stage.socket));
      if (worked !== undefined) tried += 1;
      return worked !== true && (await isAlive(stage));
    });
    const checked = await fc.check(holds, { seed, numRuns: runs, endOnFailure: true });
    const [first] = checked.counterexample ?? [];
    const title = `${tried} generated attacks (LOCKKEEPER_SEED=${seed})`;
    const outcome: Outcome =
      first === undefined ? { kind: 'withstood', said: '' } : { kind: 'got-past', said: first.title };
    const result = { attack: `${name}/generated`, title, outcome };
    results.push(result);
    onResult?.(result);
  }
  return results;
}
