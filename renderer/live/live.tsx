import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import type { PushValue } from '../../shared/ipc/contract.ts';
import type { Preferences } from '../../shared/ipc/preferences.ts';
import type { Status } from '../../shared/ipc/status.ts';
import type { Connection, ConnectionState } from '../connection/connection.ts';
import { type StateName, sharedState } from './shared-state.ts';

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

/** What is so now, kept current; undefined until it is first told. */
export function useLive<Name extends StateName>(name: Name): PushValue<Name> | undefined {
  const connection = useConnection();
  const { follow, value } = useMemo(() => sharedState(connection, name), [connection, name]);
  return useSyncExternalStore(follow, value);
}

/** The status as it is now; what came with the greeting stands for it until it is first told. */
export function useStatus(): Status | undefined {
  const connection = useConnection();
  const first = useSyncExternalStore(connection.onState, connection.snapshot);
  return useLive('status') ?? first?.status;
}

/** What was chosen for the window; undefined until the connection has opened once. */
export function usePreferences(): Preferences | undefined {
  const connection = useConnection();
  const first = useSyncExternalStore(connection.onState, connection.snapshot);
  return useLive('preferences') ?? first?.preferences;
}
