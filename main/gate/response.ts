import type { Socket } from 'node:net';
import { parseResponseHead, type ResponseHead, responseFraming } from '../../shared/http/response-head.ts';
import { writeThrough } from './byte-sink.ts';
import type { EngineSide } from './engine-side.ts';
import type { SeenAnswer } from './gate.ts';
import { collectBody, type Framing, relayBody, type Sink } from './message-body.ts';
import { readHead } from './read-head.ts';

/** Answers that must be seen are small: a container's ID and warnings. */
const SEEN_ANSWER_BYTES = 4 * 1024 * 1024;

export type ResponseEnd =
  | { readonly kind: 'done'; readonly closes: boolean }
  /** From here on the connection carries a stream of its own in both directions. */
  | { readonly kind: 'hijacked' }
  /** The engine went away, or sent what is not HTTP. `begun`: after the client got a part of its answer. */
  | { readonly kind: 'cut'; readonly begun: boolean }
  | { readonly kind: 'client-gone' };

interface ReadResponse {
  readonly wire: Buffer;
  readonly head: ResponseHead;
}

async function readResponseHead(side: EngineSide): Promise<ReadResponse | undefined> {
  const reading = await readHead(side.source);
  if (reading.kind !== 'head') return undefined;
  const parsed = parseResponseHead(reading.bytes);
  return parsed.ok ? { wire: reading.bytes, head: parsed.head } : undefined;
}

/** Interim answers (RFC 9110 §15.2) come before the answer proper; 101 is no interim one, it ends HTTP. */
function isInterim(head: ResponseHead): boolean {
  return head.status < 200 && head.status !== 101;
}

/** Relays the engine's answer as bytes, following its framing only to know where it ends. */
export async function relayResponse(
  side: EngineSide,
  client: Socket,
  exchange: { readonly method: string; readonly hijacks: boolean },
): Promise<ResponseEnd> {
  for (;;) {
    const response = await readResponseHead(side);
    if (response === undefined) return { kind: 'cut', begun: false };
    const { head, wire } = response;
    // Without our asking for an upgrade there can be none; an engine that says so is not one.
    if (head.status === 101 && !exchange.hijacks) return { kind: 'cut', begun: false };
    const framing = responseFraming(head, exchange.method);
    const sink = await sinkAfterHead(side, client, wire, framing);
    if (sink === undefined) return { kind: 'client-gone' };
    if (isInterim(head)) continue;
    if (exchange.hijacks && isHijacked(head, framing)) return { kind: 'hijacked' };
    const end = await relayBody(side.source, framing, sink);
    if (end.kind === 'sink-gone') return { kind: 'client-gone' };
    if (end.kind !== 'done') return { kind: 'cut', begun: true };
    return { kind: 'done', closes: head.closes || framing.kind === 'until-close' };
  }
}

/**
 * Writes the head and returns where the body goes; undefined when the client is gone. A head must not wait for its body
 * (`docker run` starts the container only after the head of its wait), but where both have come, one write does.
 */
async function sinkAfterHead(
  side: EngineSide,
  client: Socket,
  head: Buffer,
  framing: Framing,
): Promise<Sink | undefined> {
  const plain: Sink = (bytes) => writeThrough(client, bytes);
  const isFramed = framing.kind === 'chunked' || (framing.kind === 'length' && framing.length > 0);
  if (!isFramed || !side.source.holdsBytes()) return (await plain(head)) ? plain : undefined;
  let sink: Sink = (bytes) => {
    sink = plain;
    return plain(Buffer.concat([head, bytes]));
  };
  return (bytes) => sink(bytes);
}

/** 101, or moby's bare 200 to a hijacking request without Upgrade: a raw stream follows. Any other answer is still HTTP. */
function isHijacked(head: ResponseHead, framing: Framing): boolean {
  return head.status === 101 || (head.status === 200 && framing.kind === 'until-close');
}

/** Reads a whole answer, to be looked at before it goes on. Undefined when the engine went away in the middle. */
export async function collectResponse(
  side: EngineSide,
  method: string,
): Promise<{ seen: SeenAnswer; wire: Buffer; closes: boolean } | undefined> {
  let response = await readResponseHead(side);
  while (response !== undefined && isInterim(response.head)) response = await readResponseHead(side);
  if (response === undefined || response.head.status === 101) return undefined;
  const framing = responseFraming(response.head, method);
  const wire: Buffer[] = [response.wire];
  const recording = {
    ...side.source,
    read: async () => {
      const bytes = await side.source.read();
      if (bytes !== undefined) wire.push(bytes);
      return bytes;
    },
    unread: (bytes: Buffer) => {
      const last = wire.pop();
      if (last !== undefined) wire.push(last.subarray(0, last.length - bytes.length));
      side.source.unread(bytes);
    },
  };
  const body = await collectBody(recording, framing, SEEN_ANSWER_BYTES);
  if (body.kind !== 'body') return undefined;
  const closes = response.head.closes || framing.kind === 'until-close';
  return { seen: { status: response.head.status, body: body.bytes }, wire: Buffer.concat(wire), closes };
}
