import { join } from 'node:path';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { GateSocket } from '../gate/listen.ts';
import type { Reached } from '../steps/step.ts';
import type { CutOffs } from './cut-offs.ts';
import { SOCKET_NAME } from './delivery.ts';
import type { HolderRecord, HolderRecords } from './holder-records.ts';
import { isStanding, type OpenedSocket } from './socket-folder.ts';
import type { SocketTroubles } from './socket-troubles.ts';
import type { StaleSockets } from './stale-sockets.ts';

/** A recorded socket that listens. */
export interface ActiveSocket extends HolderRecord {
  readonly socket: GateSocket;
}

export interface Mended {
  readonly anything: boolean;
  /** The holders that have to be restarted to see their socket. */
  readonly lost: readonly SocketHolder[];
}

export interface MendDeps {
  readonly folder: string;
  readonly records: Pick<HolderRecords, 'missing' | 'save'>;
  readonly active: ReadonlyMap<string, ActiveSocket>;
  /** Creates that are under way: of these, socket and record come one after the other. */
  readonly reserved: ReadonlySet<string>;
  /** Keys whose folders are left alone. */
  readonly unreadable: Set<string>;
  readonly open: (record: HolderRecord) => Promise<OpenedSocket>;
  readonly stale: StaleSockets;
  readonly cuts: Pick<CutOffs, 'keys' | 'mend'>;
  readonly troubles: SocketTroubles;
  readonly reached: Reached;
}

/** Looks after sockets that were delivered: opens them after a restart, and makes anew what is deleted under us. */
export function mendSockets(deps: MendDeps) {
  const { folder, records, active, reserved, unreadable, open, stale, cuts, troubles, reached } = deps;
  const delivered = () => [...active.values()].filter(({ holder }) => !reserved.has(holder.key));
  const missingFiles = () => {
    const keys = delivered().map(({ holder }) => holder.key);
    const cutOff = cuts.keys().filter((key) => keys.includes(key));
    return records.missing(keys, cutOff);
  };
  const isThere = ({ holder }: HolderRecord) => isStanding(join(folder, holder.key), SOCKET_NAME);

  /** One socket that cannot be opened must not keep the others closed. `isHidden`: from its container, if that runs. */
  const reopen = async (record: HolderRecord): Promise<{ readonly isOpen: boolean; readonly isHidden: boolean }> => {
    const { holder } = record;
    try {
      const { isFolderNew } = await open(record);
      unreadable.delete(holder.key);
      stale.renewed(holder, isFolderNew);
      troubles.opened(holder);
      reached('socket-restored');
      return { isOpen: true, isHidden: isFolderNew || holder.way === 'file' };
    } catch (error) {
      unreadable.add(holder.key);
      troubles.unopened(holder, error);
      return { isOpen: false, isHidden: true };
    }
  };

  return {
    reopen,
    async areWhole(): Promise<boolean> {
      if ((await missingFiles()).length > 0) return false;
      return (await Promise.all(delivered().map(isThere))).every((is) => is);
    },
    async mend(): Promise<Mended> {
      const lost: SocketHolder[] = [];
      const missing = await missingFiles();
      let anything = missing.length > 0;
      for (const record of delivered()) {
        const { holder, socket } = record;
        const isLost = !(await isThere(record));
        // Its container may have gone meanwhile, and its socket with it.
        if (active.get(holder.key) !== record) continue;
        if (missing.includes(holder.key)) {
          await records.save(record);
          await cuts.mend(holder.key);
        }
        if (!isLost) continue;
        await socket.close({ cut: false });
        const { isOpen, isHidden } = await reopen(record);
        anything ||= isOpen;
        if (isOpen && isHidden) lost.push(holder);
      }
      // Where the engine does not answer, it is asked again when leftovers are looked for.
      await stale.check().catch(() => undefined);
      return { anything, lost };
    },
  };
}
