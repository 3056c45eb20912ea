/** Name of the one channel of Electron's IPC that we use, in both directions. */
export const BRIDGE_CHANNEL = 'lockkeeper';
/** Name under which the preload script hands the bridge to the page. */
export const BRIDGE_NAME = 'lockkeeper';

/** A line that the page has opened: frames of the contract go in both directions until it is closed. */
export interface BridgeLine {
  readonly send: (frame: string) => void;
  readonly close: () => void;
}

/** All that a page in the desktop app can reach outside of itself. */
export interface Bridge {
  /** `frames` is called with the frames that come, oldest first, `closed` once, whoever closes the line. */
  readonly open: (frames: (texts: readonly string[]) => void, closed: () => void) => BridgeLine;
}

/** What the preload script sends. `line` is its own number for a line, from 1 on in each page. */
export type PageMessage =
  | { readonly open: number }
  | { readonly line: number; readonly frame: string }
  /** So many frames were handed to the page, oldest first: what is not is held to be unread. */
  | { readonly line: number; readonly read: number }
  | { readonly close: number };

/** What the main process sends. */
export type MainMessage =
  | { readonly line: number; readonly frames: readonly string[] }
  | { readonly line: number; readonly closed: true };
