import type { Answer } from '../../shared/ipc/contract.ts';
import { failure } from './outbox.ts';

/** The answer to what is not in the contract. */
export function unknownRequest(name: string): Answer<never> {
  return failure('unknown-request', `the running Lockkeeper does not know '${name}': is it of an older version?`);
}

/** What is wrong first, and where. */
export function firstIssue(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): string {
  const [issue] = error.issues;
  return issue === undefined ? 'not as the contract says' : [...issue.path.map(String), issue.message].join(': ');
}

/** The answer where a handler failed, which is a bug of ours. */
export function brokenAnswer(name: string, cause: unknown): Answer<never> {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return failure('internal-error', `the answer to '${name}' could not be made (${detail}): please report this`);
}
