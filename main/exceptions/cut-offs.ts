import type { CutOffFact } from '../../shared/decision/facts.ts';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import { stateError } from '../state/state-error.ts';
import type { HolderRecords } from './holder-records.ts';
import { socketEvent } from './socket-event.ts';

export interface CutOffsDeps {
  readonly records: Pick<HolderRecords, 'cutOff' | 'giveBack'>;
  readonly engine: Pick<EngineClient, 'container'>;
  /** Where the marks are kept, for words about what is wrong there. */
  readonly folder: string;
  readonly record: (event: EventBody) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Containers that somebody has cut off their sockets by hand. They stay so, also when Lockkeeper, the engine or the
 * container restarts, until they are given back or somebody has the container started through the host gate. A restart
 * policy does not count: a container could undo the cut by ending itself.
 */
export interface CutOffs {
  /** RFC 3339; undefined: it is not cut off. */
  since(key: string): string | undefined;
  /** All that are. */
  keys(): readonly string[];
  /** As the decision wants to know it. Rejects with an EngineError. */
  factOf(holder: SocketHolder): Promise<CutOffFact>;
  /** It counts at once; rejects with a StateError when it would not outlive us. */
  cutOff(holder: SocketHolder): Promise<void>;
  /** Rejects with a StateError; the container is still cut off then. */
  giveBack(holder: SocketHolder): Promise<void>;
  /**
   * The host asks for a start or restart of a holder's container, whose run so far began at `before`. Returns what is
   * called when that request is over.
   */
  startAsked(holder: SocketHolder, before: string | undefined): () => void;
  /** Told the moment that a container is cut off. Returns what ends that. */
  onCutOff(listener: (key: string) => void): () => void;
  /** What is on disk from an earlier run. */
  restore(stored: ReadonlyMap<string, string>): void;
  /** Writes a mark again that was deleted under us. */
  mend(key: string): Promise<void>;
  /** The socket is gone for good. */
  forget(key: string): void;
}

interface AskedStart {
  readonly before: string | undefined;
  requests: number;
}

export function cutOffs({ records, engine, folder, record, failed }: CutOffsDeps): CutOffs {
  const cut = new Map<string, string>();
  const starts = new Map<string, AskedStart>();
  const listeners = new Set<(key: string) => void>();
  let writing: Promise<unknown> = Promise.resolve();
  /** One after the other, so that what was asked last is what is on disk in the end. */
  const inOrder = (write: () => Promise<void>): Promise<void> => {
    const written = writing.then(write).catch((error: unknown) => {
      throw stateError(folder, error);
    });
    writing = written.catch(() => undefined);
    return written;
  };

  const giveBack = async (holder: SocketHolder) => {
    await inOrder(() => records.giveBack(holder.key));
    if (cut.delete(holder.key)) record(socketEvent('given-back', holder));
  };
  /** The engine answers about a container only when a start that it is at has come to its end. */
  const settle = async (holder: SocketHolder, { before }: AskedStart) => {
    const now = (await engine.container(holder.containerId))?.startedAt;
    if (now !== undefined && now !== before && cut.has(holder.key)) await giveBack(holder);
  };

  return {
    since: (key) => cut.get(key),
    keys: () => [...cut.keys()],
    async factOf(holder) {
      const asked = starts.get(holder.key);
      if (cut.has(holder.key) && asked !== undefined) await settle(holder, asked);
      const since = cut.get(holder.key);
      return since === undefined ? { kind: 'connected' } : { kind: 'cut-off', since };
    },
    async cutOff(holder) {
      const { key } = holder;
      if (cut.has(key)) return;
      const since = new Date().toISOString();
      cut.set(key, since);
      record(socketEvent('cut-off', holder));
      for (const listener of listeners) listener(key);
      await inOrder(() => records.cutOff(key, since));
    },
    giveBack,
    startAsked(holder, before) {
      const { key } = holder;
      if (!cut.has(key)) return () => undefined;
      const asked = starts.get(key) ?? { before, requests: 0 };
      starts.set(key, asked);
      asked.requests += 1;
      const over = () => {
        asked.requests -= 1;
        if (asked.requests === 0) starts.delete(key);
      };
      return () => void settle(holder, asked).catch(failed).finally(over);
    },
    onCutOff(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    restore(stored) {
      for (const [key, since] of stored) cut.set(key, since);
    },
    mend: (key) =>
      inOrder(async () => {
        // Looked up in its turn: it may be given back until then.
        const since = cut.get(key);
        if (since !== undefined) await records.cutOff(key, since);
      }),
    forget(key) {
      cut.delete(key);
      starts.delete(key);
    },
  };
}
