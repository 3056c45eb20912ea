/** What a channel tells whoever serves it. */
export interface ChannelEvents {
  /** One frame came, whole. */
  readonly text: (text: string) => void;
  /** A frame was longer than the contract allows; nothing comes after it. */
  readonly tooLong: () => void;
  /** The client has read what it had left unread. */
  readonly drained: () => void;
  readonly closed: () => void;
}

/** A connection that carries the contract's frames: JSON lines on the control socket, or messages of a WebSocket. */
export interface Channel {
  /** Begins to tell; called once, before anything else. */
  listen(events: ChannelEvents): void;
  /** Sends one frame. What comes after the end is dropped. */
  send(text: string): void;
  /** Bytes that the client has left unread. */
  unsent(): number;
  /** Whether `drained` will follow. */
  isWaiting(): boolean;
  /** Stops reading from the client, and goes on. */
  pause(): void;
  resume(): void;
  /** Sends what waits, and ends; no frame is told any more. */
  end(): void;
}
