import type { BodyFraming } from '../../shared/http/body-framing.ts';
import type { ChunkedProblem } from '../../shared/http/chunked.ts';
import { remakeRequestHead } from '../../shared/http/remake-head.ts';
import { requestRefused } from '../../shared/messages/refusal.ts';
import { answerBytes } from './answer.ts';
import { writeThrough } from './byte-sink.ts';
import { type AfterExchange, type ClientSide, reply } from './client-side.ts';
import type { EngineSide, EngineSides } from './engine-side.ts';
import type { ArrivedRequest, Forwarding } from './gate.ts';
import { type BodyEnd, relayBody } from './message-body.ts';
import { collectResponse, type ResponseEnd, relayResponse } from './response.ts';
import { tunnel } from './tunnel.ts';

/** A request that may go on. */
export interface Outgoing {
  readonly request: ArrivedRequest;
  /** In our own spelling. */
  readonly target: string;
  /** The body where it was read already; undefined: it is still on the client's connection. */
  readonly body: Uint8Array | undefined;
  readonly ruling: Forwarding;
}

export interface Forwarded {
  readonly after: AfterExchange;
  /** What is wrong with the framing of the client's body, when nothing was answered yet. */
  readonly brokenBody?: ChunkedProblem;
}

/** Sends a request to the engine and brings the answer back, or the stream that the connection becomes. */
export async function forward(client: ClientSide, engine: EngineSides, outgoing: Outgoing): Promise<Forwarded> {
  const { request, ruling } = outgoing;
  const { head } = request;
  let side: EngineSide;
  try {
    side = await engine.use();
  } catch (error) {
    ruling.abandoned?.();
    const why = error instanceof Error ? error.message : String(error);
    const message = requestRefused(`the Docker engine cannot be reached: ${why}; is it running?`);
    return { after: await reply(client, { status: 503, message }, { method: head.method, closes: true }) };
  }
  // Ended by us before the engine was there: nothing of it goes on any more.
  if (client.socket.destroyed) return unanswered(ruling, undefined);
  await writeThrough(side.socket, firstBytes(outgoing));
  ruling.sent?.();
  const upload = startUpload(client, side, outgoing);
  const end = await answerOf(client, side, outgoing);
  upload.stopWatching();
  if (end.kind === 'done') ruling.answered?.();
  switch (end.kind) {
    case 'hijacked':
      await tunnel(client, side);
      return { after: 'finished' };
    case 'client-gone':
      return { after: 'gone' };
    case 'cut':
      return end.begun ? { after: 'gone' } : unanswered(ruling, upload.brokenBody());
    case 'done':
      if (end.closes || head.closes) return { after: 'finished' };
      // An answer may come before the body is through; what the engine still takes, it gets.
      return { after: (await upload.end).kind === 'done' && engine.release() ? 'next' : 'finished' };
  }
}

function unanswered(ruling: Forwarding, brokenBody: ChunkedProblem | undefined): Forwarded {
  ruling.abandoned?.();
  return { after: 'gone', ...(brokenBody !== undefined && { brokenBody }) };
}

/** The head and, where it is known, the body, which then reach the engine in one piece. */
function firstBytes({ request, target, body }: Outgoing): Uint8Array {
  const { head, operation } = request;
  const remade = remakeRequestHead({
    method: head.method,
    target,
    fields: head.fields,
    framing: body === undefined ? head.framing : knownFraming(head.framing, body),
    upgrade: operation.hijacks ? head.upgrade : undefined,
    keepExpect: body === undefined && head.framing.kind !== 'none',
    closes: head.closes,
  });
  return body === undefined || body.length === 0 ? remade : Buffer.concat([remade, body]);
}

/** A request without a body stays one; a chunked body that was read goes on with its length. */
function knownFraming(sent: BodyFraming, body: Uint8Array): BodyFraming {
  return sent.kind === 'none' && body.length === 0 ? sent : { kind: 'length', length: body.length };
}

/** Brings the body to the engine while its answer is awaited, and then the client's end, should it come. */
function startUpload(client: ClientSide, side: EngineSide, { request, body }: Outgoing) {
  // A client that has finished sending may have left: the engine gives up a request whose sender is gone (Go's
  // net/http cancels its context), as with `docker logs -f` and Ctrl-C, so it must learn of it. For a body that stops
  // midway this is also what tells the engine that it is not complete.
  const passEnd = () => {
    if (client.source.ended()) side.socket.end();
  };
  let brokenBody: ChunkedProblem | undefined;
  const upload = async (): Promise<BodyEnd> => {
    const framing: BodyFraming = body === undefined ? request.head.framing : { kind: 'none' };
    const end = await relayBody(client.source, framing, (wire) => writeThrough(side.socket, wire));
    if (end.kind === 'refused') {
      brokenBody = end;
      side.socket.destroy();
    }
    passEnd();
    return end;
  };
  client.socket.once('end', passEnd);
  return {
    end: upload(),
    brokenBody: () => brokenBody,
    stopWatching: () => client.socket.off('end', passEnd),
  };
}

async function answerOf(client: ClientSide, side: EngineSide, { request, ruling }: Outgoing): Promise<ResponseEnd> {
  const { method } = request.head;
  if (ruling.afterAnswer === undefined) {
    return relayResponse(side, client.socket, { method, hijacks: request.operation.hijacks });
  }
  const collected = await collectResponse(side, method);
  if (collected === undefined) return { kind: 'cut', begun: false };
  const answer = await ruling.afterAnswer(collected.seen);
  const { closes } = collected;
  const bytes = answer === undefined ? collected.wire : answerBytes(answer, { method, closes });
  return (await writeThrough(client.socket, bytes)) ? { kind: 'done', closes } : { kind: 'client-gone' };
}
