import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, engineAt } from '../ask-engine/engine.ts';
import { doorAt } from '../wire/door.ts';
import { importImage } from './image.ts';
import { NoStage } from './no-stage.ts';

export interface StageOptions {
  /** The filtered socket. */
  readonly socket: string;
  /** The engine's own. */
  readonly engine: string;
  /** An image of the engine's with busybox; one is made when none is given. */
  readonly image?: string | undefined;
  /** An image to which the filter gives Docker sockets. */
  readonly listed?: string | undefined;
  /** A registry as the engine reaches it, `127.0.0.1:5000`. */
  readonly registry?: string | undefined;
  /** Commands that the filter is configured to deny. */
  readonly denied: readonly string[];
  /** A folder of the host from which the filter lets containers bind. */
  readonly work?: string | undefined;
}

/** What all attacks of one walk find: the engine, the filter, an image, folders of the host. */
export interface Stage {
  readonly engine: Engine;
  readonly socket: string;
  readonly image: string;
  readonly listed: string | undefined;
  readonly registry: string | undefined;
  readonly denied: ReadonlySet<string>;
  readonly work: string;
  readonly outside: string;
  /** `device:inode` of the engine's socket, by which a container that sees it gives itself away. */
  readonly engineInode: string;
  /** Whether refusals can be held against the reasons of Lockkeeper. */
  readonly isLockkeeper: boolean;
  close(): Promise<void>;
}

/** Nothing that an attack is judged by survives a change of the place where its folders lie, so both are on one disk. */
const FOLDERS = '/var/tmp';

/** Rejects with {@link NoStage} where there is nothing to try, or nothing to try it with. */
export async function openStage(options: StageOptions): Promise<Stage> {
  await mustAnswer(options.engine, '--engine');
  await mustAnswer(options.socket, '--socket');
  const engine = engineAt(options.engine);
  const image = options.image ?? (await importImage(engine));
  const made = options.work === undefined;
  const work = options.work ?? mkdtempSync(join(FOLDERS, 'lk-attacks-'));
  mkdirSync(work, { recursive: true });
  const outside = mkdtempSync(join(FOLDERS, 'lk-outside-'));
  return {
    engine,
    socket: options.socket,
    image,
    listed: options.listed,
    registry: options.registry,
    denied: new Set(options.denied),
    work,
    outside,
    engineInode: inodeOf(options.engine),
    isLockkeeper: await answersAsLockkeeper(options.socket),
    async close() {
      if (options.image === undefined) await engine.undo('DELETE', `/images/${image}?force=1`);
      for (const path of [outside, ...(made ? [work] : [])]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function mustAnswer(socket: string, option: string): Promise<void> {
  const { status } = await doorAt(socket).send({ method: 'GET', path: '/_ping' });
  if (status === 0) throw new NoStage(`nothing answers a ping at ${socket}; ${option} takes the path of a Unix socket`);
}

export function inodeOf(path: string): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}

/** Lockkeeper's own words for a path that no filter and no engine can take. */
async function answersAsLockkeeper(socket: string): Promise<boolean> {
  const { text } = await doorAt(socket).send({ method: 'GET', path: '//' });
  return text.includes('"lockkeeper: ');
}
