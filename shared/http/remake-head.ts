import type { BodyFraming } from './body-framing.ts';
import { quoted } from './characters.ts';
import { type HeaderField, listedTokens } from './fields.ts';
import { toLatin1 } from './latin1.ts';

export interface RequestToRemake {
  readonly method: string;
  /** In our own spelling (spellTarget). */
  readonly target: string;
  readonly fields: readonly HeaderField[];
  readonly framing: BodyFraming;
  /** The protocol to ask an upgrade to, on the routes that hijack; without it every trace of an upgrade is dropped. */
  readonly upgrade?: string | undefined;
  /** Whether the engine is to answer `100 Continue` itself. */
  readonly keepExpect: boolean;
  /** The client asked to close the connection after the answer; the engine then says so in its answer. */
  readonly closes?: boolean;
}

/**
 * Fields that are about the client's connection to us (RFC 9110 §7.6.1), and the framing, which we spell ourselves.
 * Trailer stays: the body's trailers go on as they came.
 */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'te',
  'upgrade',
  'http2-settings',
  'transfer-encoding',
  'content-length',
]);

/** Fields that a Connection field cannot take out: without them the request would mean something else. */
const KEPT: ReadonlySet<string> = new Set(['host', 'content-type', 'content-encoding', 'trailer', 'expect']);

function isDropped(lower: string, named: readonly string[], keepExpect: boolean): boolean {
  if (DROPPED.has(lower) || lower.startsWith('proxy-')) return true;
  if (lower === 'expect') return !keepExpect;
  return named.includes(lower) && !KEPT.has(lower);
}

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
const VISIBLE = /^[!-~]+$/;
const TEXT = /^[\t -~\x80-\xff]*$/;

/** A caller's bug, not the peer's: the parsers let no such thing through. */
function assertWellFormed(form: RegExp, what: string, text: string): void {
  if (!form.test(text)) throw new Error(`${what} ${quoted(text)} cannot be put on the wire`);
}

function framingLine(framing: BodyFraming): string {
  if (framing.kind === 'none') return '';
  if (framing.kind === 'chunked') return 'Transfer-Encoding: chunked\r\n';
  return `Content-Length: ${framing.length}\r\n`;
}

/**
 * The head that goes to the engine, in our own spelling: the request line, the client's end-to-end fields in their
 * order and bytes, then the framing, and an upgrade only when it is asked for. Throws on what would break the head.
 */
export function remakeRequestHead(request: RequestToRemake): Uint8Array {
  assertWellFormed(TOKEN, 'the method', request.method);
  assertWellFormed(VISIBLE, 'the target', request.target);
  const named = listedTokens(request.fields, 'connection') ?? [];
  let head = `${request.method} ${request.target} HTTP/1.1\r\n`;
  for (const field of request.fields) {
    if (isDropped(field.lower, named, request.keepExpect)) continue;
    assertWellFormed(TOKEN, 'the header name', field.name);
    assertWellFormed(TEXT, `the value of ${field.name}`, field.value);
    head += `${field.name}: ${field.value}\r\n`;
  }
  head += framingLine(request.framing);
  if (request.upgrade !== undefined) {
    assertWellFormed(TEXT, 'the upgrade', request.upgrade);
    head += `Connection: Upgrade\r\nUpgrade: ${request.upgrade}\r\n`;
  } else if (request.closes === true) {
    head += 'Connection: close\r\n';
  }
  return toLatin1(`${head}\r\n`);
}
