import type { Asset } from '../window-files/assets.ts';
import { securityHeaders } from '../window-files/security-headers.ts';
import { isOurUrl } from './bridge/origin.ts';

export interface PageRequest {
  readonly method: string;
  readonly url: string;
}

/** What the window can load. */
export interface PageSource {
  /** The built window, by path; `/` is the page. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** In place of the page while the service does not run, and why; HTML. */
  readonly notice: () => string | undefined;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The page connects to nothing: it speaks over the bridge. */
const headersOfAll = securityHeaders("'none'");

/** What a page gets that asks its own origin for a file. */
export function pageAnswer({ method, url }: PageRequest, { assets, notice }: PageSource): PageAnswer {
  if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'the files of the window are only read');
  const path = isOurUrl(url) ? new URL(url).pathname : undefined;
  const html = path === '/' ? notice() : undefined;
  if (html !== undefined) return { status: 200, headers: { ...headersOfAll, ...htmlHeaders }, body: Buffer.from(html) };
  const asset = path === undefined ? undefined : assets.get(path);
  if (asset === undefined) return refusal(404, 'there is nothing at this address: the window is at /');
  return { status: 200, headers: { ...headersOfAll, ...asset.headers }, body: asset.body };
}

const htmlHeaders = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };

function refusal(status: number, message: string): PageAnswer {
  const headers = { ...headersOfAll, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status, headers, body: Buffer.from(`${message}\n`) };
}
