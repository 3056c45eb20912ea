import type { PushInput, PushName, PushValue } from '../../shared/ipc/contract.ts';
import type { Connection } from '../connection/connection.ts';

/** Pushes whose every value is the whole present state. */
export type StateName = Exclude<PushName, 'event'>;

/** A state that any number of views follow over one subscription. */
export interface SharedState<Value> {
  /** Returns what ends the following. */
  readonly follow: (changed: () => void) => () => void;
  /** The last that was told; undefined before that. */
  readonly value: () => Value | undefined;
}

const states = new WeakMap<Connection, Map<StateName, SharedState<unknown>>>();

/** The one for this connection and name. Its value stays while nobody follows, so that a page opens with something. */
export function sharedState<Name extends StateName>(connection: Connection, name: Name): SharedState<PushValue<Name>> {
  const ofConnection = states.get(connection) ?? new Map<StateName, SharedState<unknown>>();
  states.set(connection, ofConnection);
  const known = ofConnection.get(name) ?? open(connection, name);
  ofConnection.set(name, known);
  return known as SharedState<PushValue<Name>>;
}

function open<Name extends StateName>(connection: Connection, name: Name): SharedState<PushValue<Name>> {
  const followers = new Set<() => void>();
  let latest: PushValue<Name> | undefined;
  let end: (() => void) | undefined;
  const sink = {
    value(value: PushValue<Name>) {
      latest = value;
      for (const changed of followers) changed();
    },
    // A state that was left out is followed by a newer one.
    lost: () => undefined,
  };
  return {
    value: () => latest,
    follow(changed) {
      // A function of its own: the same one may follow twice.
      const own = () => changed();
      followers.add(own);
      end ??= connection.subscribe(name, () => ({}) as PushInput<Name>, sink);
      return () => {
        followers.delete(own);
        if (followers.size > 0) return;
        end?.();
        end = undefined;
      };
    },
  };
}
