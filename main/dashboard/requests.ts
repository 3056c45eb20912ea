import type { IncomingMessage } from 'node:http';
import type { Asset } from '../window-files/assets.ts';
import type { Refusal } from './refusal.ts';
import type { Entry, Visitors } from './visitors.ts';
import { foreign, foreignToContract, type Place } from './where-from.ts';

/** What a request is decided by. */
export type RequestHead = Pick<IncomingMessage, 'method' | 'url' | 'headersDistinct'>;

/** `home` leads to the window, away from the address with the token, with what a new visitor gets. */
export type DashboardAnswer =
  | { readonly kind: 'refusal'; readonly refusal: Refusal }
  | { readonly kind: 'home'; readonly entry?: Entry }
  | { readonly kind: 'asset'; readonly asset: Asset };

export interface Served extends Place {
  readonly visitors: Visitors;
  readonly assets: ReadonlyMap<string, Asset>;
}

/** The address under which the page reaches the contract. */
const CONTRACT_PATH = '/contract';
const notFound: Refusal = { status: 404, message: 'there is nothing at this address: the window is at /' };
const readOnly: Refusal = { status: 405, message: 'the window is only read here', headers: { Allow: 'GET, HEAD' } };

/** Decides a request that is no upgrade: where it comes from, then who asks, and only then what there is. */
export function answerTo(request: RequestHead, served: Served): DashboardAnswer {
  const { headersDistinct: fields, method, url = '' } = request;
  const refusal = foreign(fields, served) ?? (method === 'GET' || method === 'HEAD' ? undefined : readOnly);
  if (refusal !== undefined) return { kind: 'refusal', refusal };
  const [path = '', query = ''] = url.split('?');
  const token = new URLSearchParams(query).get('token');
  // Programs that look at a link before its reader does ask with HEAD: they must not use it up.
  if (path === '/' && token !== null && method === 'GET') return enter(token, request, served);
  const { visitors, assets } = served;
  if (!visitors.isKnown(fields)) return { kind: 'refusal', refusal: visitors.turnedAway(fields) };
  const asset = assets.get(path);
  return asset === undefined ? { kind: 'refusal', refusal: notFound } : { kind: 'asset', asset };
}

function enter(token: string, { headersDistinct: fields }: RequestHead, { visitors }: Served): DashboardAnswer {
  const entry = visitors.enter(token);
  if (entry !== undefined) return { kind: 'home', entry };
  // Back in the browser's history, to a link that has done its work.
  if (visitors.isKnown(fields)) return { kind: 'home' };
  return { kind: 'refusal', refusal: visitors.turnedAway(fields, 'this link was used before, or is too old') };
}

/**
 * Why a connection does not become a WebSocket. Our own page without a valid cookie or proof gets one all the same, which the
 * caller ends at once with a code: why an upgrade is refused, a page cannot see.
 */
export function refusedUpgrade(
  request: RequestHead,
  served: Omit<Served, 'assets'>,
  isOurs: boolean,
): Refusal | undefined {
  const { headersDistinct: fields, url } = request;
  const refusal = foreignToContract(fields, served) ?? (url === CONTRACT_PATH ? undefined : notFound);
  if (refusal !== undefined || isOurs) return refusal;
  const turnedAway = served.visitors.turnedAway(fields);
  return turnedAway.status === 429 ? turnedAway : undefined;
}
