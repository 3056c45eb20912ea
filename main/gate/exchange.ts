import type { Listener } from '../../shared/decision/listener.ts';
import { identifyOperation } from '../../shared/engine-api/operation.ts';
import { isFormEncoded, parseRequestHead, type RequestHead } from '../../shared/http/request-head.ts';
import { parseRequestTarget, type RequestTarget, spellTarget } from '../../shared/http/request-target.ts';
import { requestRefused } from '../../shared/messages/refusal.ts';
import { type AfterExchange, type ClientSide, reply } from './client-side.ts';
import type { EngineSides } from './engine-side.ts';
import { type Forwarded, forward, type Outgoing } from './forward.ts';
import type { ArrivedRequest, Forwarding, Gate, Ruling } from './gate.ts';
import { readHead } from './read-head.ts';
import { type RequestBody, requestBody } from './request-body.ts';

/** Serves one request: reads its head, has it decided, and only then lets anything reach the engine. */
export async function exchange(client: ClientSide, engine: EngineSides, gate: Gate): Promise<AfterExchange> {
  const { place } = client;
  place.hold(0);
  place.waiting();
  const reading = await readHead(client.source, place.hold);
  place.busy();
  if (reading.kind === 'end' || reading.kind === 'cut') return 'gone';
  // We have ended the connection because the engine did. What still comes must not be carried out: no answer could
  // be given, and the client may take the end for "not done" and ask again.
  if (!client.socket.writable) return 'gone';
  const listener = gate.listener();
  const refuseMalformed = (sent: { method: string; path: string }, { status, problem }: Unreadable) => {
    const answer = { status, message: requestRefused(problem) };
    gate.malformed(sent, answer, listener);
    return reply(client, answer, { method: sent.method, closes: true });
  };
  const parsed = reading.kind === 'head' ? parseRequestHead(reading.bytes) : reading;
  if (parsed.kind === 'refused') return refuseMalformed({ method: '', path: '' }, parsed);
  const { head } = parsed;
  const sent = { method: head.method, path: head.target };
  const read = readTarget(head);
  if (!read.ok) return refuseMalformed(sent, read);
  const body = requestBody(client, head, gate.inspectedBodyBytes());
  const operation = identifyOperation(head.method, read.target);
  const request: ArrivedRequest = { head, operation, sentPath: head.target, readBody: body.read };
  const { ruling, known } = await settled(gate, request, listener, body);
  if (ruling.kind === 'answer') {
    return reply(client, ruling.answer, { method: head.method, closes: head.closes || !body.isTaken() });
  }
  if (known?.kind === 'refused') {
    ruling.abandoned?.();
    return refuseMalformed(sent, known);
  }
  const outgoing = { request, target: spellTarget(ruling.target ?? read.target), body: known?.bytes, ruling };
  const { after, brokenBody } = await followed(client, engine, outgoing);
  return brokenBody === undefined ? after : refuseMalformed(sent, brokenBody);
}

/** Has the request decided, and again when that counts no more by the time that its body is there. */
async function settled(
  gate: Gate,
  request: ArrivedRequest,
  listener: Listener,
  body: RequestBody,
): Promise<{ readonly ruling: Ruling; readonly known?: KnownBody | undefined }> {
  for (;;) {
    const ruling = await ruled(gate, request, listener);
    if (ruling.kind === 'answer') return { ruling };
    const known = await knownBody(body, ruling, request.operation.hijacks);
    if (ruling.isCurrent?.() ?? true) return { ruling, known };
    ruling.abandoned?.();
  }
}

/** Forwards, while whoever decided can end it. */
async function followed(client: ClientSide, engine: EngineSides, outgoing: Outgoing): Promise<Forwarded> {
  const over = outgoing.ruling.begun?.(() => {
    client.socket.destroy();
    engine.destroy();
  });
  try {
    return await forward(client, engine, outgoing);
  } finally {
    over?.();
  }
}

/** What cannot be read one way only, or is more than is read. */
interface Unreadable {
  readonly status: number;
  readonly problem: string;
}

function readTarget(
  head: RequestHead,
): { readonly ok: true; readonly target: RequestTarget } | ({ readonly ok: false } & Unreadable) {
  const read = parseRequestTarget(head.target);
  // Go lets form fields of a body win over the query, which decides what some operations are; no Docker client sends
  // them.
  if (read.ok && isFormEncoded(head.contentType)) {
    const problem = `a body of type ${head.contentType} is not let through; the Engine API takes JSON and tar`;
    return { ok: false, status: 400, problem };
  }
  return read;
}

/** Rules that fail let nothing through. */
async function ruled(gate: Gate, ...[request, listener]: Parameters<Gate['enforce']>): Promise<Ruling> {
  try {
    return await gate.enforce(request, listener);
  } catch (error) {
    gate.failed(error);
    const message = requestRefused('the request could not be decided, so it is refused; the log says why');
    return { kind: 'answer', answer: { status: 403, message } };
  }
}

type KnownBody = { readonly kind: 'body'; readonly bytes: Uint8Array } | ({ readonly kind: 'refused' } & Unreadable);

/**
 * The body, where it goes on from memory: when it was looked at, and always before a hijack. Engines up to 20.10 may
 * otherwise take the request's body, when it comes later than the head, for the stream's input.
 */
async function knownBody(body: RequestBody, ruling: Forwarding, hijacks: boolean): Promise<KnownBody | undefined> {
  if (!hijacks && ruling.body === undefined && !body.wasRead()) return undefined;
  const own = await body.read();
  return own.kind === 'refused' || ruling.body === undefined ? own : { kind: 'body', bytes: ruling.body };
}
