import fc from 'fast-check';
import type { Attack } from '../attack.ts';
import { classes } from '../cases/classes.ts';
import type { Door } from '../wire/door.ts';
import { deliveries, spellingOf } from './delivery.ts';
import { jsonTexts } from './json-text.ts';
import { outsideWays, socketWays, volumeWays } from './mount-sources.ts';
import { framings, upgradings } from './smuggled.ts';

/** Attacks of a class that nobody has written down. */
export interface Generator {
  readonly name: string;
  readonly attacks: fc.Arbitrary<Attack>;
}

/** What is generated otherwise than by writing known attacks in other ways. */
const own: Readonly<Record<string, fc.Arbitrary<Attack>>> = {
  socket: socketWays,
  volumes: volumeWays,
  json: jsonTexts,
  framing: framings,
  upgrade: upgradings,
  binds: outsideWays,
};

/** One for each class. */
export const generators: readonly Generator[] = classes.map(({ name, attacks }) => ({
  name,
  attacks: own[name] ?? respelled(attacks),
}));

/** A known attack, whose requests are all written in another way that means the same. */
function respelled(attacks: readonly Attack[]): fc.Arbitrary<Attack> {
  return fc.tuple(fc.constantFrom(...attacks), deliveries).map(([attack, delivery]) => ({
    ...attack,
    title: `${attack.id}, delivered as ${JSON.stringify(delivery)}`,
    attempt: (door: Door, run) => attack.attempt(door.respelled(spellingOf(delivery)), run),
  }));
}
