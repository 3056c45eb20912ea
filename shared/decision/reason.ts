import { type EscapeKind, escapeKinds } from '../escape/kinds.ts';

export type EscapeReason = `escape-${EscapeKind}`;

/** The code of a way out. */
export function escapeReason(kind: EscapeKind): EscapeReason {
  return `escape-${kind}`;
}

const escapeReasonCodes = escapeKinds.map(escapeReason);

/**
 * Every reason for which a request is refused. The codes are part of the event schema: views filter on them,
 * so they are never renamed.
 */
export const refusalReasons = [
  // the command list
  'command-denied',
  'command-not-allowed',
  'command-not-own-container',
  'unknown-operation',
  // what only Podman does, past what is looked at
  'podman-api',
  // the image list
  'list-empty',
  'not-listed',
  'digest-differs',
  'pinned-digest-differs',
  'registry-unreachable',
  'derived-off',
  'derived-parent-missing',
  'derived-parent-unconfirmed',
  // a container that somebody has cut off by hand
  'cut-off',
  // what was asked to be mounted
  'parent-directory',
  'protected-path',
  'volume',
  'volumes-from',
  'source-unverifiable',
  'service',
  'plugin',
  'raw-socket-holder',
  'delivery-impossible',
  'image-changed',
  // a way out of the container that is not the socket
  ...escapeReasonCodes,
  // the state we are in
  'policy-invalid',
  'engine-unreachable',
  'state-unusable',
  'internal-error',
  // nothing came of it: the client or the engine went away before there was an answer
  'abandoned',
  // the request itself
  'malformed-request',
  'head-too-large',
  'body-too-large',
] as const;

export type RefusalReason = (typeof refusalReasons)[number];
