import type { PushSink } from '../../shared/ipc/client-session.ts';
import type {
  Answer,
  PushInput,
  PushName,
  PushValue,
  RequestInput,
  RequestName,
  RequestOutput,
  Snapshot,
} from '../../shared/ipc/contract.ts';

/** `lost`: it was open once and is being opened again; `refused`: the shell does not let this page in. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused';

/**
 * The one thing that pages know of the outside. Which shell they are in, Electron or a browser, is decided where it is
 * made. Subscriptions outlive interruptions: they stand again when the connection does, beginning with what is so then.
 */
export interface Connection {
  request<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answer<RequestOutput<Name>>>;
  /**
   * Returns what ends the subscription. `input` is asked for anew each time that the connection opens, with the name of
   * the run that is at the other end: sequences of events compare only within one.
   */
  subscribe<Name extends PushName>(
    name: Name,
    input: (run: string) => PushInput<Name>,
    sink: PushSink<PushValue<Name>>,
  ): () => void;
  state(): ConnectionState;
  /** What was so when the connection opened last; undefined before it did, and the same object until it opens again. */
  snapshot(): Snapshot | undefined;
  /** Returns what ends the listening. */
  onState(listener: () => void): () => void;
}
