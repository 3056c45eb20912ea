import type { Socket } from 'node:net';
import { type Answer, answerBytes } from './answer.ts';
import { writeThrough } from './byte-sink.ts';
import type { ByteSource } from './byte-source.ts';
import type { Place } from './places.ts';

/** The client's side of one connection. */
export interface ClientSide {
  readonly socket: Socket;
  readonly source: ByteSource;
  readonly place: Place;
}

/**
 * What is left of the client connection after an exchange: `next` takes another request, `finished` has said all and
 * only listens until the client closes, `gone` has nothing more to say.
 */
export type AfterExchange = 'next' | 'finished' | 'gone';

/** Gives an answer of ours. `closes`: no other request can follow on this connection. */
export async function reply(
  client: ClientSide,
  answer: Answer,
  request: { readonly method: string; readonly closes: boolean },
): Promise<AfterExchange> {
  const written = await writeThrough(client.socket, answerBytes(answer, request));
  if (!written) return 'gone';
  return request.closes ? 'finished' : 'next';
}
