import type { Answer } from '../../../shared/ipc/contract.ts';
import { failure } from '../../control/outbox.ts';

/** The handler of a request that this version only knows by name. `what` begins the sentence. */
export function unavailable(what: string): () => Answer<never> {
  return () => failure('unavailable', `${what} is not in this version of Lockkeeper`);
}

/** The handler of a push of which this version has nothing to tell. */
export function silent(): () => void {
  return () => undefined;
}
