import { lstat, stat } from 'node:fs/promises';
import type { SocketHolder } from '../../shared/decision/listener.ts';
import type { EventBody } from '../../shared/journal/event.ts';
import type { ContainerSockets } from '../exceptions/container-sockets.ts';
import type { LastingSocket } from './lasting-socket.ts';
import { StartFailure } from './service-options.ts';
import type { OpenState } from './state.ts';

export interface StateGuardDeps {
  readonly state: OpenState;
  readonly sockets: Pick<ContainerSockets, 'areWhole' | 'mend'>;
  readonly listeners: readonly LastingSocket[];
  /** Have written anew what is kept in the folder and in memory. */
  readonly storeAgain: readonly (() => Promise<void>)[];
  readonly record: (event: EventBody) => void;
  /** Somebody else has the folder now: we must not go on beside them. */
  readonly giveUp: (why: StartFailure) => void;
}

export interface StateGuard {
  /** Begins to look, now that everything is in place. */
  begin(): Promise<void>;
  /** What is wrong with the state folder now, in a sentence with the remedy. */
  problems(): readonly string[];
  /** Resolves when nothing is made anew any more: what is closed after that stays closed. */
  stop(): Promise<void>;
}

/** How often it is looked. A watch would not see when a folder above is moved. */
const LOOK_MS = 1_000;

/**
 * Looks after what lies in the file system while we run: somebody may clean up there. What is gone is made anew, and it
 * is told which containers have to be restarted, since a mount of a folder that was removed stays empty for good.
 */
export function guardState(deps: StateGuardDeps): StateGuard {
  const { state } = deps;
  let marks: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let problem: string | undefined;
  let looking: Promise<void> | undefined;

  const look = async () => {
    const now = await marksOf(state);
    const standing = await Promise.all(deps.listeners.map((listener) => listener.isStanding()));
    const isGone = JSON.stringify(now) !== JSON.stringify(marks);
    if (isGone) await state.rebuild();
    const isWhole = !isGone && (await deps.sockets.areWhole());
    if (isWhole && standing.every((is) => is)) return;
    const mended = await deps.sockets.mend();
    for (const listener of deps.listeners) if (!(await listener.isStanding())) await listener.reopen();
    if (isGone) for (const store of deps.storeAgain) await store();
    marks = await marksOf(state);
    if (isGone || mended.anything || standing.includes(false)) {
      deps.record(
        alarm(`files of Lockkeeper were removed while it ran, and are made anew${restartWords(mended.lost)}`),
      );
    }
    problem = undefined;
  };
  const tried = async () => {
    try {
      await look();
    } catch (error) {
      if (error instanceof StartFailure && error.kind === 'another-instance') deps.giveUp(error);
      const words = `files of Lockkeeper were removed while it ran, and cannot be made anew: ${error instanceof Error ? error.message : String(error)}`;
      if (problem !== words) deps.record(alarm(words));
      problem = words;
    }
  };
  return {
    async begin() {
      marks = await marksOf(state);
      timer = setInterval(() => {
        looking ??= tried().finally(() => {
          looking = undefined;
        });
      }, LOOK_MS);
      timer.unref();
    },
    problems: () => (problem === undefined ? [] : [problem]),
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

/** What tells whether the folders are those that we know: '' for one that is gone. */
async function marksOf(state: OpenState): Promise<readonly string[]> {
  const folders = [state.folder, state.sockets, state.holders, state.former, state.created, state.empty];
  const found = await Promise.all(folders.map((path) => stat(path).catch(() => undefined)));
  const lock = await lstat(state.lockFile()).catch(() => undefined);
  const identities = found.map((one) => (one?.isDirectory() === true ? `${one.dev}:${one.ino}` : ''));
  return [...identities, lock === undefined ? '' : 'locked'];
}

function restartWords(lost: readonly SocketHolder[]): string {
  if (lost.length === 0) return '';
  const names = lost.map(({ containerId, image }) => `${containerId.slice(0, 12)} (${image})`).join(', ');
  return `; these containers must be restarted to have their filtered socket again: ${names}`;
}

function alarm(detail: string): EventBody {
  return { type: 'lifecycle', what: 'alarm', detail };
}
