import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** What an image that no entry names is answered, by the decision that every create goes through; nothing is sent. */
export async function checkBlockedMount({ unknownImage }: Machine) {
  if (unknownImage === undefined) return finding('blocked-mount', 'unknown', 'not-running');
  const decision = await unknownImage();
  switch (decision.kind) {
    case 'refuse': {
      const { status, message } = decision.refusal;
      if (status !== 403) return finding('blocked-mount', 'unknown', 'undecided', { message });
      return finding('blocked-mount', 'pass', 'would-be-refused', {}, { action: 'prove' });
    }
    case 'rewrite':
      return finding('blocked-mount', 'warn', 'everything');
    default:
      return finding('blocked-mount', 'fail', 'passes');
  }
}
