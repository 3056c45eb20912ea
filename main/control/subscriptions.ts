import {
  type Answer,
  type ControlHandlers,
  contract,
  MOST_SUBSCRIPTIONS,
  type PushName,
} from '../../shared/ipc/contract.ts';
import { brokenAnswer, firstIssue, unknownRequest } from './faults.ts';
import { failure, type Outbox } from './outbox.ts';
import { pushText } from './push-text.ts';

/** The subscriptions of one client. */
export interface Subscriptions {
  /** Starts one under the client's id; the answer is sent before the first push. */
  add(id: number, name: string, input: unknown): void;
  remove(id: number): void;
  /** The client has read: it is told what it missed, and pushes go on. */
  drained(): void;
  endAll(): void;
}

interface Subscription {
  end: () => void;
  /** Pushes left out since the client was last told. */
  lost: number;
}

/** No subscriptions yet; `pushes` are the handlers that start them. */
export function createSubscriptions(pushes: ControlHandlers['pushes'], outbox: Outbox): Subscriptions {
  const standing = new Map<number, Subscription>();

  function push(id: number, name: PushName, subscription: Subscription, value: unknown): void {
    if (subscription.lost === 0 && outbox.hasRoom()) {
      const text = pushText(name, value);
      if (text !== undefined && outbox.push(id, text)) return;
    }
    subscription.lost += 1;
    if (!outbox.isWaiting()) {
      tellLost(id, subscription);
    }
  }

  function tellLost(id: number, subscription: Subscription): void {
    if (subscription.lost > 0) {
      outbox.send({ lost: id, count: subscription.lost });
      subscription.lost = 0;
    }
  }

  function refusal(id: number, name: string): Answer<never> | undefined {
    if (!isPush(name)) {
      return unknownRequest(name);
    }
    return standing.has(id) || standing.size >= MOST_SUBSCRIPTIONS
      ? failure('busy', `a client may have ${MOST_SUBSCRIPTIONS} subscriptions, each with an id of its own`)
      : undefined;
  }

  function start(id: number, name: PushName, input: unknown): void {
    const parsed = contract.pushes[name].input.safeParse(input);
    if (!parsed.success) {
      outbox.answer(id, failure('invalid-request', firstIssue(parsed.error)));
      return;
    }
    const subscription: Subscription = { end: () => undefined, lost: 0 };
    // A handler and its input go together by name, which the type of a lookup by a variable cannot say.
    const handler = pushes[name] as (input: unknown, push: (value: unknown) => void) => () => void;
    // What it begins with waits for the answer, which says whether it began.
    let first: unknown[] | undefined = [];
    const forward = (value: unknown) => {
      if (first === undefined) push(id, name, subscription, value);
      else first.push(value);
    };
    try {
      subscription.end = handler(parsed.data, forward);
    } catch (error) {
      outbox.answer(id, brokenAnswer(name, error));
      return;
    }
    standing.set(id, subscription);
    outbox.answer(id, { ok: true, value: null });
    const beginning = first;
    first = undefined;
    for (const value of beginning) push(id, name, subscription, value);
  }

  function remove(id: number): void {
    standing.get(id)?.end();
    standing.delete(id);
  }

  return {
    add(id, name, input) {
      const refused = refusal(id, name);
      if (refused !== undefined) {
        outbox.answer(id, refused);
      } else if (isPush(name)) {
        start(id, name, input);
      }
    },
    remove,
    drained() {
      for (const [id, subscription] of standing) {
        tellLost(id, subscription);
      }
    },
    endAll() {
      for (const id of [...standing.keys()]) {
        remove(id);
      }
    },
  };
}

function isPush(name: string): name is PushName {
  return Object.hasOwn(contract.pushes, name);
}
