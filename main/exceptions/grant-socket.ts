import type { Grant, Refusal } from '../../shared/decision/decision.ts';
import type { RefusalReason } from '../../shared/decision/reason.ts';
import { rewriteCreate } from '../../shared/engine-api/rewrite-create.ts';
import { mountDenied, requestRefused } from '../../shared/messages/refusal.ts';
import { type EngineClient, EngineError, isAway } from '../engine/engine-client.ts';
import type { SeenAnswer } from '../gate/gate.ts';
import { StateError } from '../state/state-error.ts';
import type { Reached } from '../steps/step.ts';
import type { ContainerSockets } from './container-sockets.ts';
import type { Delivery, PlannedPlaces, WantedDelivery } from './delivery.ts';

/** A create body that asked for a socket, on its way to the engine with a filtered one. */
export interface PreparedCreate {
  readonly kind: 'prepared';
  readonly body: Uint8Array;
  /**
   * Looks at the engine's answer and finishes the delivery; resolves to the refusal when the container was undone. The
   * policy is asked again meanwhile, since it may have changed while the engine was at it.
   */
  finish(answer: SeenAnswer, askAgain: AskAgain): Promise<UndoneCreate | undefined>;
  /** Nothing came of it. */
  abandon(): void;
}

/** A create that does not go on. */
export type StoppedCreate =
  | ({ readonly kind: 'refused' } & UndoneCreate)
  /** Answered with the engine's own 404. */
  | { readonly kind: 'absent'; readonly message: string };

export interface UndoneCreate {
  /** Absent: 403, which no client takes for a reason to try again. */
  readonly status?: Refusal['status'];
  readonly reason: RefusalReason;
  readonly message: string;
}

/** Resolves to the refusal when the policy does not grant the socket any more. */
export type AskAgain = () => Promise<UndoneCreate | undefined>;

export interface GrantDeps {
  readonly sockets: ContainerSockets;
  readonly delivery: Delivery;
  readonly engine: EngineClient;
  readonly failed: (error: unknown) => void;
  readonly reached: Reached;
}

/**
 * Gives a container that may have one its own filtered socket: a folder for it, the rewritten create, and after the
 * engine created the container, proof that it has the very image that was decided on, the socket at its targets, and
 * the record without which it cannot start. If any of it fails the container is removed again.
 */
export async function grantSocket(
  deps: GrantDeps,
  wanted: WantedDelivery,
  bytes: Uint8Array,
  coverBinds: readonly string[],
): Promise<PreparedCreate | StoppedCreate> {
  const { request, grant } = wanted;
  const planned = await deps.delivery.plan(wanted);
  if (planned.kind === 'absent') return { kind: 'absent', message: planned.message };
  if (planned.kind === 'obstacle') return { kind: 'refused', ...impossible(grant, planned.words) };
  const { delivery } = planned;
  const { key, folder } = await deps.sockets.reserve();
  const discard = () => deps.sockets.remove(key);
  // Of a container that could not be removed, or that the engine may yet create, nothing must be left either; where
  // the engine is away, that is seen to when it is back.
  const giveUp = async () => {
    deps.sockets.abandon(key);
    await deps.sockets.reconcile().catch((error: unknown) => isAway(error) || deps.failed(error));
  };
  const addBinds = [...deps.delivery.binds(folder, delivery), ...coverBinds];
  return {
    kind: 'prepared',
    body: rewriteCreate(bytes, request, {
      remove: grant.sockets,
      addBinds,
      isUnprivileged: grant.isUnprivileged === true,
    }),
    async finish(answer, askAgain) {
      const id = createdId(answer);
      if (id === undefined) {
        await discard();
        return undefined;
      }
      deps.reached('container-created');
      const undone = await deliver(deps, { key, folder, delivery }, id, grant, askAgain).catch((error: unknown) =>
        undeliverable(deps, grant, error),
      );
      if (undone !== undefined) {
        const isRemoved = await removed(deps, id);
        deps.reached('create-undone');
        await (isRemoved ? discard() : giveUp());
      }
      return undone;
    },
    abandon: () => void giveUp(),
  };
}

async function removed(deps: GrantDeps, id: string): Promise<boolean> {
  return deps.engine.removeContainer(id).then(
    () => true,
    (error: unknown) => {
      if (!isAway(error)) deps.failed(error);
      return false;
    },
  );
}

function undeliverable(deps: GrantDeps, grant: Grant, error: unknown): UndoneCreate {
  const cause = 'the filtered socket could not be delivered';
  if (error instanceof StateError) return undo('state-unusable', grant, cause, words(error));
  if (error instanceof EngineError) {
    return isAway(error)
      ? engineWent(error)
      : undo('delivery-impossible', grant, cause, `the engine says: ${words(error)}`);
  }
  deps.failed(error);
  return undo('internal-error', grant, cause, words(error));
}

/** As any request is answered while it is away; its client may well try again. */
function engineWent(error: unknown): UndoneCreate {
  const problem = `the Docker engine went away before the filtered socket was delivered: ${words(error)}; try again when it is back`;
  return { status: 503, reason: 'engine-unreachable', message: requestRefused(problem) };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The ID in an answer to create, or undefined when the engine created nothing. */
export function createdId(answer: SeenAnswer): string | undefined {
  if (answer.status !== 201) return undefined;
  try {
    const { Id } = JSON.parse(answer.body.toString()) as { Id?: unknown };
    return typeof Id === 'string' ? Id : undefined;
  } catch {
    return undefined;
  }
}

interface ReservedDelivery {
  readonly key: string;
  readonly folder: string;
  readonly delivery: PlannedPlaces;
}

async function deliver(
  deps: GrantDeps,
  { key, folder, delivery }: ReservedDelivery,
  id: string,
  grant: Grant,
  askAgain: AskAgain,
): Promise<UndoneCreate | undefined> {
  const container = await deps.engine.container(id);
  if (container === undefined) return impossible(grant, 'somebody removed the container meanwhile; try again');
  if (container.imageId !== grant.imageId) {
    const cause = 'its tag moved to another image between the check and the create';
    return undo('image-changed', grant, cause, 'the container was removed again; try again');
  }
  const { runs } = container;
  // An engine that tells which manifests an image has tells of a container, too (moby API 1.48); silence proves nothing.
  if (grant.manifest !== undefined && runs?.manifest !== grant.manifest) {
    const cause = 'it would run the image of another platform than the one that was looked at';
    return undo('image-changed', grant, cause, 'the container was removed again; name one with --platform');
  }
  deps.reached('image-checked');
  const obstacle = await deps.delivery.place(container, folder, delivery);
  if (obstacle !== undefined) return impossible(grant, obstacle);
  deps.reached('link-placed');
  const refused = await askAgain();
  if (refused !== undefined) return refused;
  const { entry, derivedFrom, image, imageId, targets } = grant;
  const { way } = delivery;
  const platform = runs?.platform;
  const holder = { key, containerId: id, image, imageId, entry, derivedFrom, targets, way };
  await deps.sockets.activate({ ...holder, ...(platform !== undefined && { platform }) });
  return undefined;
}

function impossible(grant: Grant, obstacle: string): UndoneCreate {
  const cause = 'the image is allowed, but a filtered socket cannot be brought into this container';
  return undo('delivery-impossible', grant, cause, obstacle);
}

function undo(reason: RefusalReason, grant: Grant, cause: string, addition: string): UndoneCreate {
  return { reason, message: mountDenied(grant.image, cause, addition) };
}
