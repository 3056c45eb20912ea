import type { SourceFact } from './facts.ts';
import type { MountRefusal } from './refuse.ts';

/** Why something may not be mounted whatever the image, or undefined where the image decides or nothing is at stake. */
export function judgeSource(source: string, fact: SourceFact): MountRefusal | undefined {
  switch (fact.kind) {
    case 'ordinary':
    case 'holds-state':
    case 'socket':
    case 'delivered-folder':
      return undefined;
    case 'exposes':
      return {
        reason: 'parent-directory',
        cause: 'a mounted folder would expose the Docker socket',
        addition: `${source} holds ${fact.socket}; mount the folder that is needed and not one above the socket`,
      };
    case 'protected':
      return {
        reason: 'protected-path',
        cause: 'a mount would reach the engine around the Docker socket',
        addition: `${source} is ${fact.what}, which no container gets`,
      };
    case 'unverifiable':
      return {
        reason: 'source-unverifiable',
        cause: 'a mount could not be checked',
        addition: `${source === '' ? 'a source of ""' : source}: ${fact.why}`,
      };
  }
}
