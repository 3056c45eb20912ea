import { familiarName, parseImageReference } from '../images/reference.ts';
import type { PolicyChange } from '../ipc/policy-change.ts';
import type { DecisionEvent } from '../journal/event.ts';

/** The smallest change of the policy that would let a refused request through, if a change of the policy can. */
export function suggestChange(event: DecisionEvent): PolicyChange | undefined {
  switch (event.reason) {
    case 'not-listed':
    case 'list-empty':
      return event.image === undefined ? undefined : { kind: 'add-image', entry: entryFor(event.image) };
    case 'derived-off':
      return { kind: 'allow-derived-images' };
    case 'command-denied': {
      // The rule names the entry as the policy has it, which may be a group: taking less out is not possible.
      const command = /^deny "(.+)"$/.exec(event.rule ?? '')?.[1];
      return command === undefined ? undefined : { kind: 'stop-denying', command };
    }
    case 'command-not-allowed':
    case 'command-not-own-container':
      return event.command === undefined ? undefined : { kind: 'start-allowing', command: event.command };
    default:
      return undefined;
  }
}

/** The image as people write it; a name without a tag means `:latest` in the list too. */
function entryFor(image: string): string {
  const parsed = parseImageReference(image);
  return parsed.ok ? familiarName(parsed.reference) : image;
}
