import type { Grant } from '../../shared/decision/decision.ts';
import type { RefusalReason } from '../../shared/decision/reason.ts';
import type { CreateRequest } from '../../shared/engine-api/create-body.ts';
import { rewriteCreate } from '../../shared/engine-api/rewrite-create.ts';
import { mountDenied } from '../../shared/messages/refusal.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { SeenAnswer } from '../gate/gate.ts';
import type { ContainerSockets } from './container-sockets.ts';
import type { Delivery } from './delivery.ts';

/** A create body that asked for a socket, on its way to the engine with a filtered one. */
export interface PreparedCreate {
  readonly body: Uint8Array;
  /** Looks at the engine's answer and finishes the delivery; resolves to the refusal when the container was undone. */
  finish(answer: SeenAnswer): Promise<UndoneCreate | undefined>;
  /** Nothing came of it. */
  abandon(): void;
}

export interface UndoneCreate {
  readonly reason: RefusalReason;
  readonly message: string;
}

export interface GrantDeps {
  readonly sockets: ContainerSockets;
  readonly delivery: Delivery;
  readonly engine: EngineClient;
  readonly failed: (error: unknown) => void;
}

/**
 * Gives a container that may have one its own filtered socket: a folder for it, the rewritten create, and after the
 * engine created the container, proof that it has the very image that was decided on, the link at its target, and the
 * record without which it cannot start. If any of it fails the container is removed again.
 */
export async function grantSocket(
  deps: GrantDeps,
  request: CreateRequest,
  bytes: Uint8Array,
  grant: Grant,
  coverBinds: readonly string[],
): Promise<PreparedCreate> {
  const { key, folder } = await deps.sockets.reserve();
  const discard = () => deps.sockets.remove(key);
  const addBinds = [...deps.delivery.binds(folder), ...coverBinds];
  return {
    body: rewriteCreate(bytes, request, { remove: grant.sockets, addBinds }),
    async finish(answer) {
      const id = createdId(answer);
      if (id === undefined) {
        await discard();
        return undefined;
      }
      const undone = await deliver(deps, key, id, grant).catch((error: unknown) => {
        deps.failed(error);
        return undo('internal-error', grant, 'the filtered socket could not be delivered', String(error));
      });
      if (undone !== undefined) {
        await deps.engine.removeContainer(id).catch(deps.failed);
        await discard();
      }
      return undone;
    },
    abandon: () => void discard().catch(deps.failed),
  };
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

async function deliver(deps: GrantDeps, key: string, id: string, grant: Grant): Promise<UndoneCreate | undefined> {
  const container = await deps.engine.container(id);
  if (container?.imageId !== grant.imageId) {
    const cause = 'its tag moved to another image between the check and the create';
    return undo('image-changed', grant, cause, 'the container was removed again; try again');
  }
  const obstacle = await deps.delivery.place(container, grant.targets);
  if (obstacle !== undefined) {
    const cause = 'the image is allowed, but a filtered socket cannot be brought into this container';
    return undo('delivery-impossible', grant, cause, obstacle);
  }
  const { entry, image, imageId, targets } = grant;
  await deps.sockets.activate({ key, containerId: id, image, imageId, entry, targets });
  return undefined;
}

function undo(reason: RefusalReason, grant: Grant, cause: string, addition: string): UndoneCreate {
  return { reason, message: mountDenied(grant.image, cause, addition) };
}
