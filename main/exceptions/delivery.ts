import type { EngineContainer } from '../engine/engine-client.ts';

/**
 * How a filtered socket is brought into a container. The way for engines on this kernel is {@link linkDelivery}; one for
 * engines in a virtual machine comes through the same door.
 */
export interface Delivery {
  /** The binds to create the container with, for a folder that holds its socket. */
  binds(folder: string): readonly string[];
  /**
   * Makes the socket appear at the targets of a container that was created with those binds and is not started yet.
   * Resolves to what stands in the way, in words with the remedy, or undefined when it is done.
   */
  place(container: EngineContainer, targets: readonly string[]): Promise<string | undefined>;
}

/** Where a container sees the folder that holds its socket. */
export const FOLDER_IN_CONTAINER = '/.lockkeeper';
export const SOCKET_NAME = 'docker.sock';
export const SOCKET_IN_CONTAINER = `${FOLDER_IN_CONTAINER}/${SOCKET_NAME}`;
