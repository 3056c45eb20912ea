import type { SocketHolder } from '../../shared/decision/listener.ts';
import { type HolderRecords, MOST_FORMER } from './holder-records.ts';

/** Where the sockets of containers were wanted that are gone: tools that re-create one send its folder back as a source. */
export interface FormerTargets {
  of(key: string): readonly string[] | undefined;
  /** Kept from earlier runs, the oldest first. */
  load(holders: readonly SocketHolder[]): void;
  remember(holder: SocketHolder): void;
  /** Has those forgotten on disk for which there is no room any more. */
  tidy(): Promise<void>;
}

export function formerTargets(records: Pick<HolderRecords, 'forget'>): FormerTargets {
  const former = new Map<string, readonly string[]>();
  const remember = ({ key, targets }: SocketHolder) => void former.set(key, targets);
  return {
    of: (key) => former.get(key),
    load: (holders) => holders.forEach(remember),
    remember,
    async tidy() {
      const tooMany = [...former.keys()].slice(0, Math.max(0, former.size - MOST_FORMER));
      for (const key of tooMany) {
        former.delete(key);
        await records.forget(key);
      }
    },
  };
}
