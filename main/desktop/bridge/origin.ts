/** Scheme and host of the pages that we serve to ourselves. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'lockkeeper';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What Electron says of the frame that a message is from. */
export interface SenderFrame {
  readonly origin: string;
  readonly url: string;
  /** Null for the uppermost frame of a window. */
  readonly parent: unknown;
}

/** Whether a message is from the uppermost frame of a page of ours. A frame that has gone meanwhile (null) is nobody's. */
export function isOurFrame(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && frame.origin === APP_ORIGIN && isOurUrl(frame.url);
}

/** Whether an address is one of our own pages, by its parts: what merely begins like one is not. */
export function isOurUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${APP_SCHEME}:` && host === APP_HOST && username === '' && password === '';
}
