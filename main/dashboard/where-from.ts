import type { Refusal } from './refusal.ts';

/** A request's fields by lower-case name, each with all its values, as Node's `headersDistinct` has them. */
export type Fields = Readonly<Record<string, readonly string[] | undefined>>;

/** Where the window is served; other spellings of this machine are other origins. */
export interface Place {
  readonly port: number;
}

/**
 * Refuses what a page of somebody else's made the browser send. The name in `Host` is the one in the address bar: a
 * foreign name that leads to 127.0.0.1 (DNS rebinding) stays foreign. Other ports of this machine are `same-site` to a
 * browser, so its SameSite cookies do not stop them; `Sec-Fetch-Site` does (W3C Fetch Metadata).
 */
export function foreign(fields: Fields, place: Place): Refusal | undefined {
  const host = hostOf(fields, place);
  if (host === undefined) {
    return { status: 403, message: `this is not the address of the window, which is http://127.0.0.1:${place.port}/` };
  }
  if (fields['sec-fetch-site']?.some((site) => site !== 'same-origin' && site !== 'none')) {
    return { status: 403, message: 'another page led here: copy the link into the address bar instead' };
  }
  if (fields.origin?.some((origin) => origin !== `http://${host}`)) {
    return { status: 403, message: 'another page asked for this, and only the window itself may' };
  }
  return undefined;
}

/** As `foreign`, for a WebSocket: its page must be named. Browsers always do (RFC 6455, section 10.2). */
export function foreignToContract(fields: Fields, place: Place): Refusal | undefined {
  if (fields.origin?.length !== 1)
    return { status: 403, message: 'only a page is served here, and a browser names its origin' };
  return foreign(fields, place);
}

function hostOf({ host = [] }: Fields, { port }: Place): string | undefined {
  const [name, ...more] = host;
  return more.length === 0 ? [`127.0.0.1:${port}`, `localhost:${port}`].find((ours) => ours === name) : undefined;
}
