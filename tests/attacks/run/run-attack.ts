import type { Attack } from '../attack.ts';
import { openRun, type Run } from '../stage/run.ts';
import type { Stage } from '../stage/stage.ts';
import { type Door, doorAt } from '../wire/door.ts';

export type Outcome =
  /** The engine of this release does not do it, or the stage lacks something: `why` says. */
  | { readonly kind: 'not-applicable'; readonly why: string }
  /** It works at the engine, and did not through the filter. */
  | { readonly kind: 'withstood'; readonly said: string }
  /** As withstood, but a refusal of Lockkeeper's said something else than it should. */
  | { readonly kind: 'other-reason'; readonly said: string }
  /** It happened through the filter as well. */
  | { readonly kind: 'got-past'; readonly said: string }
  /** The filter did not answer a ping afterwards. */
  | { readonly kind: 'not-alive'; readonly said: string };

/** Longest part of what the filter said that goes into a report. */
const SAID = 400;

/** Proves an attack at the engine, and then tries it through the filter. */
export async function runAttack(stage: Stage, attack: Attack): Promise<Outcome> {
  const proof = await tried(stage, attack, doorAt(stage.engine.socket));
  if ('why' in proof) return { kind: 'not-applicable', why: proof.why };
  // Also where the engine does not do it: a filter may make of it what the engine does.
  const outcome = await tried(stage, attack, doorAt(stage.socket));
  if ('why' in outcome) return { kind: 'not-applicable', why: outcome.why };
  const said = shortened(outcome.said);
  if (outcome.happened) return { kind: 'got-past', said };
  if (!(await isAlive(stage))) return { kind: 'not-alive', said };
  if (!proof.happened) return { kind: 'not-applicable', why: `the engine does not do it: ${shortened(proof.said)}` };
  const isRight = !stage.isLockkeeper || (attack.refusal?.test(outcome.said) ?? true);
  return { kind: isRight ? 'withstood' : 'other-reason', said };
}

export async function isAlive(stage: Stage): Promise<boolean> {
  return (await doorAt(stage.socket).send({ method: 'GET', path: '/_ping' })).status === 200;
}

/** Whether an attack works through a door; undefined where it cannot be tried. */
export async function works(stage: Stage, attack: Attack, door: Door): Promise<boolean | undefined> {
  const outcome = await tried(stage, attack, door);
  return 'why' in outcome ? undefined : outcome.happened;
}

type Tried = { readonly happened: boolean; readonly said: string } | { readonly why: string };

async function tried(stage: Stage, attack: Attack, door: Door): Promise<Tried> {
  const run = openRun(stage);
  try {
    const why = attack.missing?.(run);
    if (why !== undefined) return { why };
    const unprepared = await prepared(attack, run);
    if (unprepared !== undefined) return { why: unprepared };
    await attack.attempt(door, run);
    return { happened: await attack.happened(run), said: door.heard() };
  } finally {
    await run.end();
  }
}

/** What kept the stage from being set for it. */
async function prepared(attack: Attack, run: Run): Promise<string | undefined> {
  try {
    await attack.prepare?.(run);
    return undefined;
  } catch (error) {
    return `it could not be prepared: ${error instanceof Error ? error.message : error}`;
  }
}

/** The bodies of the last answers, which say most. */
function shortened(said: string): string {
  const line = said
    .replace(/HTTP\/1\.[01] (\d{3})[\s\S]*?\r\n\r\n/g, ' [$1] ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= SAID ? line : `${line.slice(0, SAID)}…`;
}
