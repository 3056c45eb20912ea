import type { RequestHead } from '../../shared/http/request-head.ts';
import { writeThrough } from './byte-sink.ts';
import type { ClientSide } from './client-side.ts';
import type { InspectedBody } from './gate.ts';
import { type CollectedBody, collectBody } from './message-body.ts';

const GO_ON = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n');

/** A request's body, read whole by whoever first wants to see it, or left where it is. */
export interface RequestBody {
  read(): Promise<InspectedBody>;
  /** Whether `read` was asked for. */
  wasRead(): boolean;
  /** Whether nothing of the body is left on the connection, so that what comes next is another request. */
  isTaken(): boolean;
}

/** The body of the request with this head, of which at most `mostBytes` are read into memory. */
export function requestBody(
  { socket, source, place }: Pick<ClientSide, 'socket' | 'source' | 'place'>,
  head: RequestHead,
  mostBytes: number,
): RequestBody {
  const length = lengthOf(head);
  const isEmpty = length === 0;
  let reading: Promise<InspectedBody> | undefined;
  let taken = isEmpty;
  const read = async (): Promise<InspectedBody> => {
    // A client that waits is told to go on by whoever reads its body: here by us, otherwise by the engine.
    const isWanted = !isEmpty && length <= mostBytes;
    if (head.expectsContinue && isWanted) await writeThrough(socket, GO_ON);
    place.waiting();
    const body = await collectBody(source, head.framing, mostBytes, place.hold);
    place.busy();
    taken = body.kind === 'body';
    return inspected(body, mostBytes);
  };
  return {
    read: () => {
      reading ??= read();
      return reading;
    },
    wasRead: () => reading !== undefined,
    isTaken: () => taken,
  };
}

/** In bytes; 1 for a chunked body, of which no more is known than that it may not be empty. */
function lengthOf({ framing }: RequestHead): number {
  if (framing.kind === 'length') return framing.length;
  return framing.kind === 'none' ? 0 : 1;
}

/** What is said of a body that is larger than is inspected. */
function tooLarge(mostBytes: number): string {
  return `the body is larger than the ${mostBytes} bytes that are inspected (lockkeeper.limits.inspectedBodyMegabytes)`;
}

function inspected(body: CollectedBody, mostBytes: number): InspectedBody {
  switch (body.kind) {
    case 'body':
      return body;
    case 'too-large':
      return { kind: 'refused', status: 413, problem: tooLarge(mostBytes) };
    case 'cut':
      return { kind: 'refused', status: 400, problem: 'the body ended before its length' };
    case 'refused':
      return body;
  }
}
