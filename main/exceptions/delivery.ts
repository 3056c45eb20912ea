import type { Grant } from '../../shared/decision/decision.ts';
import type { DeliveryPlan } from '../../shared/decision/plan-delivery.ts';
import type { CreateRequest } from '../../shared/engine-api/create-body.ts';
import type { EngineContainer } from '../engine/engine-client.ts';

export { FOLDER_IN_CONTAINER, SOCKET_IN_CONTAINER, SOCKET_NAME } from '../../shared/decision/delivery-places.ts';

/** A container that is about to be created and is to have a filtered socket. */
export interface WantedDelivery {
  readonly request: CreateRequest;
  readonly grant: Grant;
  /** As the create has it in its query. */
  readonly platform: string | undefined;
}

export type Planned =
  | { readonly kind: 'planned'; readonly delivery: PlannedPlaces }
  /** In words with the remedy. */
  | { readonly kind: 'obstacle'; readonly words: string }
  /** The image is not there for that platform: the engine's own words, which go back with 404 so that the client pulls. */
  | { readonly kind: 'absent'; readonly message: string };

export interface PlannedPlaces extends Pick<DeliveryPlan, 'way' | 'binds' | 'links'> {
  /** Where the engine is expected to mount something in that container, as spelled. */
  readonly mountTargets: ReadonlySet<string>;
}

/**
 * How a filtered socket is brought into a container. The way for engines on this kernel is localDelivery; one for
 * engines in a virtual machine comes through the same door.
 */
export interface Delivery {
  /** Decides how, before anything is created. */
  plan(wanted: WantedDelivery): Promise<Planned>;
  /** The binds to create the container with, for a folder that holds its socket. */
  binds(folder: string, planned: PlannedPlaces): readonly string[];
  /**
   * Makes the socket appear at the targets of a container that was created with those binds and is not started yet.
   * Resolves to what stands in the way, in words with the remedy, or undefined when it is done.
   */
  place(container: EngineContainer, folder: string, planned: PlannedPlaces): Promise<string | undefined>;
}
