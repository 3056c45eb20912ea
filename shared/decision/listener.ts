import type { DeliveryWay } from './plan-delivery.ts';

/** The container that holds a filtered socket, as Lockkeeper recorded it at delivery (never from labels, which anybody can set). */
export interface SocketHolder {
  /** Short key of the socket's folder; stable for the container's life. */
  readonly key: string;
  readonly containerId: string;
  /** Image reference as the user gave it at create. */
  readonly image: string;
  readonly imageId: string;
  /** Which of the images of its ID it runs, where the engine told. */
  readonly platform?: string;
  /** The image-list entry by which the socket was granted, as written in the policy. */
  readonly entry: string;
  /** The listed image that its own was built on, where that is why the entry let it have the socket. */
  readonly derivedFrom?: string | undefined;
  /** Paths inside the container at which the socket was asked for. */
  readonly targets: readonly string[];
  /** How it was brought there; absent in records of versions that knew links only. */
  readonly way?: DeliveryWay;
}

/** The way in by which a request came. */
export type Listener =
  | { readonly kind: 'host-gate' }
  | { readonly kind: 'standing-socket'; readonly path: string }
  | { readonly kind: 'container-socket'; readonly holder: SocketHolder };

/** The listeners on which the command list applies; the host gate serves people, who are not restricted by it. */
export function isFiltered(listener: Listener): boolean {
  return listener.kind !== 'host-gate';
}

/** The name under which the containers are kept that were created through a filtered socket. */
export function socketName(listener: Listener): string | undefined {
  switch (listener.kind) {
    case 'host-gate':
      return undefined;
    case 'standing-socket':
      return listener.path;
    case 'container-socket':
      return listener.holder.key;
  }
}
