import type { RefusalReason } from '../../decision/reason.ts';
import { escapes } from './escapes.ts';

export interface ReasonTexts {
  /** A few words, for a column. */
  readonly short: string;
  /** One sentence; `{{command}}`, `{{image}}`, `{{rule}}` are filled in. */
  readonly why: string;
  readonly remedy: string;
}

/** Why a request is refused and what to do about it, for each reason that a decision can have. */
export const reasons = {
  'command-denied': {
    short: 'command denied',
    why: 'The command list denies “{{command}}” through Docker sockets in containers.',
    remedy: 'If the container needs it, take the command out of the deny list.',
  },
  'command-not-allowed': {
    short: 'command not allowed',
    why: 'The command list allows some commands only, and “{{command}}” is not among them.',
    remedy: 'If the container needs it, add the command to the allow list.',
  },
  'command-not-own-container': {
    short: 'not its own container',
    why: 'The command list allows “{{command}}” only for containers that were created through the same socket.',
    remedy: 'Allow the whole command, or let the container work with what it created itself.',
  },
  'unknown-operation': {
    short: 'unknown operation',
    why: 'Lockkeeper does not know this operation of the Docker Engine, so it does not let it through.',
    remedy: 'Update Lockkeeper, or set lockkeeper.unknownOperations to "pass".',
  },
  'podman-api': {
    short: 'Podman’s own API',
    why: 'The request asks for something that only Podman does, and that Lockkeeper does not look into.',
    remedy: 'Use the docker command, or another client of Docker’s API.',
  },
  'list-empty': {
    short: 'image list is empty',
    why: 'A container of {{image}} asked for the Docker socket, and the image list is empty.',
    remedy: 'Add the image to the image list if you trust it with Docker.',
  },
  'not-listed': {
    short: 'image not listed',
    why: 'A container of {{image}} asked for the Docker socket, and no entry of the image list names that image.',
    remedy: 'Add the image to the image list if you trust it with Docker.',
  },
  'digest-differs': {
    short: 'image is stale',
    why: '{{image}} is listed, but the local image is not the one that its registry has under that name now.',
    remedy: 'Refresh the image: it is pulled again and passes afterwards.',
  },
  'pinned-digest-differs': {
    short: 'other digest than pinned',
    why: '{{image}} is listed with one digest, and the local image has another.',
    remedy: 'Pull the pinned digest, or update the entry.',
  },
  'registry-unreachable': {
    short: 'registry unreachable',
    why: 'The registry of {{image}} could not be asked whether the local image is genuine.',
    remedy:
      'The answer to the client says what stood in the way and what to do. An image that was confirmed once counts for some days.',
  },
  'derived-off': {
    short: 'derived images are off',
    why: '{{image}} is built on a listed image, and derived images are not allowed.',
    remedy: 'Allow derived images if you trust what is built on listed ones.',
  },
  'derived-parent-missing': {
    short: 'parent image missing',
    why: '{{image}} seems to be built on a listed image that is not on this machine any more.',
    remedy: 'Pull the parent image, and try again.',
  },
  'derived-parent-unconfirmed': {
    short: 'parent not confirmed',
    why: '{{image}} is built on a listed image that is not what its registry has now.',
    remedy: 'Refresh the parent image, build again, and try again.',
  },
  'parent-directory': {
    short: 'folder with a socket',
    why: 'The container asked for a folder in which the Docker socket lies.',
    remedy: 'Mount the socket itself, or the folders below that are needed.',
  },
  'protected-path': {
    short: 'protected path',
    why: 'The container asked for a path that belongs to the engine or to Lockkeeper.',
    remedy: 'Mount something else.',
  },
  volume: {
    short: 'volume leads to a socket',
    why: 'The container asked for a volume that leads to a Docker socket.',
    remedy: 'Mount the socket itself in place of the volume.',
  },
  'volumes-from': {
    short: 'volumes of a holder',
    why: 'The container asked for the volumes of another container, which has a Docker socket.',
    remedy: 'Mount the socket itself; the image list decides then.',
  },
  'source-unverifiable': {
    short: 'source cannot be checked',
    why: 'The container asked for a path that Lockkeeper cannot look at.',
    remedy: 'Let Lockkeeper run as a user who may read the path, or mount another one.',
  },
  service: {
    short: 'service with a socket',
    why: 'A service would have put the Docker socket into its containers.',
    remedy: 'Run it as a container; services cannot have a filtered socket.',
  },
  plugin: {
    short: 'plugin with a socket',
    why: 'A plugin asked for the Docker socket.',
    remedy: 'Install the plugin by way of the engine itself, if you trust it.',
  },
  'raw-socket-holder': {
    short: 'holds the raw socket',
    why: 'The container was created with the engine’s own socket and may not be started.',
    remedy: 'Create the container again; it gets a filtered socket if its image is listed.',
  },
  'delivery-impossible': {
    short: 'no way into the container',
    why: '{{image}} is allowed, but a filtered socket cannot be brought into this container.',
    remedy: 'The message below says what stands in the way.',
  },
  'image-changed': {
    short: 'image changed meanwhile',
    why: 'The tag {{image}} moved to another image between the check and the create.',
    remedy: 'Try again.',
  },
  'policy-invalid': {
    short: 'no usable policy',
    why: 'There is no usable policy, so no container may use the Docker socket.',
    remedy: 'Mend the settings file; the header says what is wrong with it.',
  },
  'engine-unreachable': {
    short: 'engine unreachable',
    why: 'The Docker Engine could not be asked what is needed to decide.',
    remedy: 'Start the engine, and try again.',
  },
  'internal-error': {
    short: 'internal error',
    why: 'Lockkeeper failed to decide, and refused to be safe.',
    remedy: 'Please report it with the message below.',
  },
  'state-unusable': {
    short: 'state folder unusable',
    why: 'Lockkeeper cannot write what it must remember of a filtered socket, so none is given out.',
    remedy: 'Make room on the disk, or make the state folder writable; the message below names it.',
  },
  'cut-off': {
    short: 'container cut off',
    why: 'The container was cut off from Docker by hand, so nothing of what it asks is let through.',
    remedy: 'Give its socket back under Containers, or restart it from the host with “docker restart”.',
  },
  abandoned: {
    short: 'client left',
    why: 'The client left before its container was ready, so the container was removed again.',
    remedy: 'Try again.',
  },
  'malformed-request': {
    short: 'malformed request',
    why: 'The request can be read in two ways, so it is not let through.',
    remedy: 'Use a client that speaks strict HTTP/1.1 and sends each JSON key once.',
  },
  'head-too-large': {
    short: 'head too large',
    why: 'The request’s head, its query or its trailers are larger than Lockkeeper reads.',
    remedy: 'Send less: Docker’s own clients stay far below these limits, which are fixed.',
  },
  'body-too-large': {
    short: 'body too large',
    why: 'The request’s body is larger, deeper or has more values than Lockkeeper inspects.',
    remedy:
      'Send less, or raise “lockkeeper.limits.inspectedBodyMegabytes”, which is 4 unless a settings file says otherwise.',
  },
  ...escapes,
} satisfies Readonly<Record<RefusalReason, ReasonTexts>>;
