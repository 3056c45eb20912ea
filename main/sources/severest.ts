import type { SourceFact } from '../../shared/decision/facts.ts';

/** What every engine refuses as a bind source, and a volume's device may be. */
export const notAbsolute: SourceFact = {
  kind: 'unverifiable',
  why: 'it is not an absolute path, and only the engine knows from where it counts',
};

/** Facts by which nothing is mounted, whatever the image. */
const REFUSED: readonly SourceFact['kind'][] = ['protected', 'exposes', 'unverifiable'];

/** What is to be believed when two ways to judge one source disagree: never what would let more through. */
export function severest(one: SourceFact, other: SourceFact): SourceFact {
  const refused = [one, other].find(({ kind }) => REFUSED.includes(kind));
  if (refused !== undefined) return refused;
  if (one.kind === 'ordinary') return other;
  if (other.kind === 'ordinary' || one.kind === other.kind) return one;
  return { kind: 'unverifiable', why: 'it means one thing by its spelling and another by where it leads' };
}
