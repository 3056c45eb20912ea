import {
  ANSWER_CAP,
  type Answer,
  type ClientFrame,
  type ControlError,
  contract,
  PROTOCOL_VERSION,
  type PushInput,
  type PushName,
  type PushValue,
  REQUEST_CAP,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type ServerFrame,
  type Snapshot,
  serverFrameSchema,
} from './contract.ts';

/** Where the pushes of a subscription go. */
export interface PushSink<Value> {
  readonly value: (value: Value) => void;
  /** So many were left out at this point, because we read too slowly. */
  readonly lost: (count: number) => void;
}

/** The asking end of the contract, whatever carries the frames. */
export interface ContractClient {
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answer<RequestOutput<Name>>>;
  /** Resolves to what ends the subscription, once it stands. */
  subscribe<Name extends PushName>(
    name: Name,
    input: PushInput<Name>,
    sink: PushSink<PushValue<Name>>,
  ): Promise<Answer<() => void>>;
}

export interface Greeting {
  /** Version of the program. */
  readonly version: string;
  /** Names the run; sequences of events compare only within one. */
  readonly run: string;
  readonly snapshot: Snapshot;
}

export interface ClientSession extends ContractClient {
  /** Settles with who is there, or with why nothing can be asked of it. */
  readonly greeting: Promise<Answer<Greeting>>;
  /** Takes one frame as it came; false when it is none, after which the connection is worth nothing. */
  receive(text: string): boolean;
  /** The connection has ended: whoever waits is told. */
  ended(): void;
}

export interface SessionChannel {
  /** Sends one frame; false when the connection has ended. */
  readonly send: (frame: string) => boolean;
  /** Runs a task after some milliseconds, and returns what cancels it. */
  readonly later: (task: () => void, milliseconds: number) => () => void;
  /** Milliseconds that greeting and answers may take. */
  readonly timeoutMs: number;
}

/** Asks over a connection that is open; the caller feeds it what arrives. */
export function clientSession(channel: SessionChannel): ClientSession {
  const { timeoutMs, later } = channel;
  const waiting = new Map<number, (answer: Answer<unknown>) => void>();
  const sinks = new Map<number, { value(value: unknown): void; lost(count: number): void }>();
  const greeting = new Pending<Answer<Greeting>>();
  const cancelGreeting = later(() => greeting.settle(failed('no-answer', noGreeting)), timeoutMs);
  let lastId = 0;

  function ask(frame: ClientFrame): Promise<Answer<unknown>> {
    return new Promise((resolve) => {
      const settle = (answer: Answer<unknown>) => {
        cancel();
        waiting.delete(frame.id);
        resolve(answer);
      };
      const cancel = later(() => settle(failed('no-answer', noAnswer(timeoutMs))), timeoutMs);
      waiting.set(frame.id, settle);
      const text = JSON.stringify(frame);
      if (utf8.encode(text).length > REQUEST_CAP)
        settle(failed('too-large', `a request may have ${REQUEST_CAP} bytes`));
      else if (!channel.send(text)) settle(failed('not-running', hungUp));
    });
  }

  return {
    greeting: greeting.promise,
    receive(text) {
      const frame = text.length > LONGEST_FRAME ? undefined : parseFrame(text);
      if (frame === undefined) return false;
      if ('hello' in frame) {
        cancelGreeting();
        greeting.settle(greeted(frame.hello));
      } else if ('push' in frame) sinks.get(frame.push)?.value(frame.value);
      else if ('lost' in frame) sinks.get(frame.lost)?.lost(frame.count);
      else waiting.get(frame.id)?.(frame.answer);
      return true;
    },
    ended() {
      cancelGreeting();
      greeting.settle(failed('not-running', hungUp));
      for (const settle of [...waiting.values()]) settle(failed('not-running', hungUp));
    },
    async request(name, input) {
      lastId += 1;
      const answer = await ask({ id: lastId, request: name, input });
      return answer.ok ? checkedOutput(name, answer.value) : answer;
    },
    async subscribe(name, input, sink) {
      lastId += 1;
      const id = lastId;
      sinks.set(id, checkedSink(name, sink));
      const answer = await ask({ id, subscribe: name, input });
      if (!answer.ok) {
        sinks.delete(id);
        return answer;
      }
      return {
        ok: true,
        value: () => {
          sinks.delete(id);
          lastId += 1;
          void ask({ id: lastId, unsubscribe: id });
        },
      };
    },
  };
}

const utf8 = new TextEncoder();
/** An answer with the frame around it. A character has a byte at least, so that nothing that is allowed is longer. */
const LONGEST_FRAME = ANSWER_CAP + 1024;

/** A promise that is settled from outside, once. */
class Pending<Value> {
  settle: (value: Value) => void = () => undefined;
  readonly promise = new Promise<Value>((resolve) => {
    this.settle = resolve;
  });
}

function greeted(hello: Extract<ServerFrame, { hello: unknown }>['hello']): Answer<Greeting> {
  const { protocol, version, run = '' } = hello;
  if (protocol !== PROTOCOL_VERSION) {
    const message = `the running Lockkeeper has version ${version}, which this one does not understand: restart it`;
    return failed('other-version', message);
  }
  const snapshot = contract.snapshot.safeParse(hello.snapshot);
  if (snapshot.success) return { ok: true, value: { version, run, snapshot: snapshot.data } };
  return failed('invalid-answer', notAsExpected('the greeting'));
}

function checkedSink<Name extends PushName>(name: Name, sink: PushSink<PushValue<Name>>) {
  const schema = contract.pushes[name].value;
  return {
    lost: sink.lost,
    value(value: unknown) {
      const checked = schema.safeParse(value);
      if (checked.success) sink.value(checked.data as PushValue<Name>);
      else sink.lost(1);
    },
  };
}

function checkedOutput<Name extends RequestName>(name: Name, value: unknown): Answer<RequestOutput<Name>> {
  const checked = contract.requests[name].output.safeParse(value);
  if (checked.success) return { ok: true, value: checked.data as RequestOutput<Name> };
  return failed('invalid-answer', notAsExpected(`the answer to '${name}'`));
}

function notAsExpected(what: string): string {
  return `${what} is not as this version expects it: restart the running Lockkeeper`;
}

function parseFrame(text: string): ServerFrame | undefined {
  try {
    const parsed = serverFrameSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const noGreeting = 'the running Lockkeeper does not answer: look at its output, or restart it';
const hungUp = 'the running Lockkeeper hung up: it was stopped, or restarts';

function noAnswer(timeoutMs: number): string {
  return `the running Lockkeeper did not answer within ${timeoutMs / 1000} s: look at its output, or restart it`;
}

function failed(name: ControlError['name'], message: string): Answer<never> {
  return { ok: false, error: { name, message } };
}
