import {
  type Answer,
  type ClientFrame,
  type ControlHandlers,
  clientFrameSchema,
  contract,
  MOST_REQUESTS,
  PROTOCOL_VERSION,
  REQUEST_CAP,
  type RequestName,
} from '../../shared/ipc/contract.ts';
import type { Channel } from './channel.ts';
import { brokenAnswer, firstIssue, unknownRequest } from './faults.ts';
import { createOutbox, failure, type Outbox } from './outbox.ts';
import { createSubscriptions } from './subscriptions.ts';

/** What a client is told first. */
export interface Greeting {
  /** Version of the program. */
  readonly version: string;
  /** Names the run: sequences of events compare only within one. */
  readonly run?: string;
}

/**
 * Answers one client until it goes, whatever carries it, and then calls `gone`. Nothing it sends or leaves unread takes more
 * memory than the contract's caps.
 */
export function serveConnection(
  channel: Channel,
  handlers: ControlHandlers,
  greeting: Greeting,
  gone: () => void = () => undefined,
): void {
  const outbox = createOutbox(channel);
  const subscriptions = createSubscriptions(handlers.pushes, outbox);
  const requests = createRequests(handlers.requests, outbox);

  /** For clients that do not speak the protocol: what is wrong, and the end. */
  function giveUp(error: Answer<never>): void {
    outbox.answer(0, error);
    channel.end();
  }

  function receive(text: string): void {
    const frame = parseFrame(text);
    if (frame === undefined) {
      giveUp(failure('invalid-request', 'this is the contract of Lockkeeper: it takes JSON frames of its own'));
    } else if ('request' in frame) {
      void requests(frame.id, frame.request, frame.input);
    } else if ('subscribe' in frame) {
      subscriptions.add(frame.id, frame.subscribe, frame.input);
    } else {
      subscriptions.remove(frame.unsubscribe);
      outbox.answer(frame.id, { ok: true, value: null });
    }
  }

  channel.listen({
    text: receive,
    tooLong: () => giveUp(failure('too-large', `a request may have ${REQUEST_CAP} bytes`)),
    drained() {
      channel.resume();
      subscriptions.drained();
    },
    closed() {
      subscriptions.endAll();
      gone();
    },
  });
  outbox.send({ hello: { protocol: PROTOCOL_VERSION, ...greeting, snapshot: snapshotOf(handlers) } });
}

/** Nothing, if it cannot be made; a client says so then. */
function snapshotOf(handlers: ControlHandlers): unknown {
  try {
    return contract.snapshot.safeParse(handlers.snapshot()).data;
  } catch {
    return undefined;
  }
}

/** Works on requests side by side, up to the contract's number; never rejects. */
function createRequests(
  handlers: ControlHandlers['requests'],
  outbox: Outbox,
): (id: number, name: string, input: unknown) => Promise<void> {
  let working = 0;
  return async (id, name, input) => {
    if (!isRequest(name)) {
      outbox.answer(id, unknownRequest(name));
    } else if (working >= MOST_REQUESTS) {
      outbox.answer(id, failure('busy', `${MOST_REQUESTS} requests are being worked on: wait for an answer`));
    } else {
      working += 1;
      const result = await answerTo(handlers, name, input);
      working -= 1;
      outbox.answer(id, result);
    }
  };
}

async function answerTo(
  handlers: ControlHandlers['requests'],
  name: RequestName,
  input: unknown,
): Promise<Answer<unknown>> {
  const parsed = contract.requests[name].input.safeParse(input);
  if (!parsed.success) {
    return failure('invalid-request', firstIssue(parsed.error));
  }
  // A handler and its input go together by name, which the type of a lookup by a variable cannot say.
  const handler = handlers[name] as (input: unknown) => Answer<unknown> | Promise<Answer<unknown>>;
  try {
    const result = await handler(parsed.data);
    if (!result.ok) {
      return result;
    }
    const checked = contract.requests[name].output.safeParse(result.value);
    return checked.success ? { ok: true, value: checked.data } : brokenAnswer(name, firstIssue(checked.error));
  } catch (error) {
    return brokenAnswer(name, error);
  }
}

function parseFrame(text: string): ClientFrame | undefined {
  try {
    const parsed = clientFrameSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function isRequest(name: string): name is RequestName {
  return Object.hasOwn(contract.requests, name);
}
