import { type ClientSession, clientSession, type PushSink } from '../../shared/ipc/client-session.ts';
import type { PushInput, PushName, PushValue, Snapshot } from '../../shared/ipc/contract.ts';
import type { Connection, ConnectionState } from './connection.ts';

/** One try to reach the other end. */
export interface Line {
  readonly send: (frame: string) => boolean;
  readonly close: () => void;
}

export interface LineEvents {
  readonly frame: (text: string) => void;
  /** `isRefused`: trying again is of no use before the user has done something. */
  readonly closed: (isRefused: boolean) => void;
}

/** Opens a line; what happens to it is told to the events. */
export type OpenLine = (events: LineEvents) => Line;

const ANSWER_MS = 30_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;

interface Standing {
  begin(session: ClientSession, run: string): void;
  ended(): void;
}

/** A connection over lines that may break: it is opened again, a little later each time. */
export function reconnecting(openLine: OpenLine): Connection {
  const standing = new Set<Standing>();
  const listeners = new Set<() => void>();
  let state: ConnectionState = 'connecting';
  let session: { readonly client: ClientSession; readonly run: string } | undefined;
  let snapshot: Snapshot | undefined;
  let retryMs = FIRST_RETRY_MS;

  function become(next: ConnectionState): void {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  }

  function open(): void {
    const line = openLine({
      frame: (text) => {
        if (!current.receive(text)) line.close();
      },
      closed: (isRefused) => {
        current.ended();
        session = undefined;
        for (const subscription of standing) subscription.ended();
        become(isRefused ? 'refused' : state === 'connecting' ? 'connecting' : 'lost');
        if (isRefused) return;
        setTimeout(open, retryMs);
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      },
    });
    const current = clientSession({ send: line.send, later, timeoutMs: ANSWER_MS });
    void current.greeting.then((greeting) => {
      if (!greeting.ok) return line.close();
      retryMs = FIRST_RETRY_MS;
      const { run } = greeting.value;
      session = { client: current, run };
      snapshot = greeting.value.snapshot;
      become('open');
      for (const subscription of standing) subscription.begin(current, run);
    });
  }

  open();
  return {
    state: () => state,
    snapshot: () => snapshot,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async request(name, input) {
      if (session !== undefined) return session.client.request(name, input);
      return { ok: false, error: { name: 'not-running', message: 'Lockkeeper does not answer at the moment' } };
    },
    subscribe(name, input, sink) {
      const subscription = standingSubscription(name, input, sink);
      standing.add(subscription);
      if (session !== undefined) subscription.begin(session.client, session.run);
      return () => {
        standing.delete(subscription);
        subscription.ended();
      };
    },
  };
}

function standingSubscription<Name extends PushName>(
  name: Name,
  input: (run: string) => PushInput<Name>,
  sink: PushSink<PushValue<Name>>,
): Standing {
  let end: (() => void) | undefined;
  let begun = 0;
  return {
    begin(session, run) {
      begun += 1;
      const mine = begun;
      void session.subscribe(name, input(run), sink).then((answer) => {
        if (!answer.ok) return;
        if (mine === begun) end = answer.value;
        else answer.value();
      });
    },
    ended() {
      begun += 1;
      end?.();
      end = undefined;
    },
  };
}

function later(task: () => void, milliseconds: number): () => void {
  const timer = setTimeout(task, milliseconds);
  return () => clearTimeout(timer);
}
