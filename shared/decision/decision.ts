import type { PlacedMount } from '../engine-api/create-body.ts';
import type { Operation } from '../engine-api/operation.ts';
import type { Escape } from '../escape/kinds.ts';
import type { PolicyState } from '../policy/policy.ts';
import type { FactName, Facts } from './facts.ts';
import type { Listener } from './listener.ts';
import type { RefusalReason } from './reason.ts';

/** All that a decision is made from. Nothing else counts, so that `decide` can be asked anywhere and answers the same. */
export interface DecisionInput {
  readonly state: PolicyState;
  readonly listener: Listener;
  readonly operation: Operation;
  /** The request target as sent, for the message. */
  readonly sentPath: string;
  readonly facts: Facts;
}

export interface Refusal {
  readonly status: 400 | 403 | 413 | 414 | 417 | 431 | 503 | 505;
  readonly reason: RefusalReason;
  /** The whole sentence for the client. */
  readonly message: string;
  /** What decided and what to do about it, without Docker's sentence around it. */
  readonly remedy?: string;
  /** The policy's words that decided: `deny "push"`. */
  readonly rule?: string;
  /** The settings file they stand in. */
  readonly file?: string;
  /** The image-list entry that they are about, as written. */
  readonly entry?: string;
}

/** A container may have a filtered socket in place of the ones it asked for. */
export interface Grant {
  /** The image-list entry as written, or where else the permission stands. */
  readonly entry: string;
  /** The listed image that this one was built on, where the entry admits that one. */
  readonly derivedFrom?: string;
  /** Set where the registry has another image under the tag by now: until when this one still counts, as RFC 3339. */
  readonly until?: string;
  readonly image: string;
  /** The image ID that was looked at; the created container must have just this one. */
  readonly imageId: string;
  /** The manifest that was looked at, where an image ID may stand for those of several platforms. */
  readonly manifest?: string;
  /** The mounts that ask for a socket and are replaced. */
  readonly sockets: readonly PlacedMount[];
  /** Where the container expects the socket. */
  readonly targets: readonly string[];
  /** Whether the create goes on without the rights of a privileged container that it asks for. */
  readonly isUnprivileged?: true;
}

/** What the policy would have refused, had it been enforced. */
export interface Observed {
  readonly refusal: Refusal;
  readonly image?: string;
}

export type Decision =
  /** Not yet decidable: find this out and ask again. */
  | { readonly kind: 'need'; readonly fact: FactName }
  | {
      readonly kind: 'pass';
      readonly note?: 'unknown-operation' | 'abandoned';
      readonly escapes?: readonly Escape[];
      readonly observed?: Observed;
    }
  /** The create body goes on with its sockets replaced, and these paths in the container covered by an empty folder. */
  | {
      readonly kind: 'rewrite';
      readonly grant?: Grant;
      readonly covers: readonly string[];
      /** Binds of the folders on the way to them, `source:target`: a folder that is no mount could be renamed. */
      readonly keeps: readonly string[];
      readonly image: string;
      /** What in it leads out of the container, and goes on all the same. */
      readonly escapes?: readonly Escape[];
      readonly observed?: Observed;
    }
  /** What it is about is not there: answered with 404, as by the engine. For an image the client then pulls. */
  | { readonly kind: 'absent'; readonly message: string }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly image?: string };

export const pass: Decision = { kind: 'pass' };

export function need(fact: FactName): Decision {
  return { kind: 'need', fact };
}
