import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { PushInput, PushName, PushValue } from '../../shared/ipc/contract.ts';
import type { Connection, ConnectionState } from '../connection/connection.ts';

const ConnectionContext = createContext<Connection | undefined>(undefined);

export function ConnectionProvider({ connection, children }: { connection: Connection; children: ReactNode }) {
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error('a view is used outside of a ConnectionProvider');
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(connection.onState, connection.state);
}

/** Pushes whose every value is the whole present state. */
export type StateName = Exclude<PushName, 'event'>;

/** What is so now, kept current; undefined until it is first told. */
export function useLive<Name extends StateName>(name: Name): PushValue<Name> | undefined {
  const connection = useConnection();
  const [value, setValue] = useState<PushValue<Name>>();
  useEffect(
    // A state that was left out is followed by a newer one.
    () => connection.subscribe(name, () => ({}) as PushInput<Name>, { value: setValue, lost: () => undefined }),
    [connection, name],
  );
  return value;
}
