import type { AttachedLab } from '../../../lab/lab.ts';
import { request } from '../../../lab/request.ts';
import type { RawClient } from '../../gate/raw-client.ts';
import type { Running } from '../../running.ts';
import { socketOf } from '../../shrink/streams.ts';
import { type Stage as AbortStage, abortStage } from '../random-aborts.ts';
import type { Random } from '../seeded.ts';
import type { Reloads } from './reloads.ts';

/** Of all that is made on the way. */
export const LABEL = 'soak';
export const SOCKET = '/var/run/docker.sock';
/** Says line after line, numbered from 1, until it is killed. */
const PRINT = 'i=0; while :; do i=$((i+1)); echo "line $i"; usleep 10000; done';

/** Of containers that clients created which did not wait for the answer. */
const LEFT = 'soak-left';

/** What the chores of a soak are about. */
export interface Stage {
  readonly lab: AttachedLab;
  readonly keeper: Running;
  /** A container that prints numbered lines all the time. */
  readonly printer: string;
  /** Its filtered socket: what a container that was granted one has for the whole soak. */
  readonly filtered: string;
  /** Path of the standing socket. */
  readonly standing: string;
  readonly reloads: Reloads;
  readonly aborts: AbortStage;
  /** A name that nothing has had yet. */
  newName(): string;
}

/** One thing that a client does; it throws when anything is not as it would be without Lockkeeper, or is not refused. */
export interface Chore {
  readonly does: string;
  run(stage: Stage, random: Random): Promise<void>;
}

/** Starts the containers that live as long as the soak. Needs `alpine` and `docker:cli` at the engine. */
export async function setStage(lab: AttachedLab, keeper: Running, reloads: Reloads): Promise<Stage> {
  const run = (...args: string[]) => lab.dockerOutput(['run', '-d', '--label', LABEL, ...args], { host: keeper.url });
  const printer = await run('-i', 'alpine', 'sh', '-c', `cat >/dev/null & ${PRINT}`);
  const holder = await run('-v', `${SOCKET}:${SOCKET}`, 'docker:cli', 'sleep', '100000');
  let names = 0;
  return {
    lab,
    keeper,
    printer,
    filtered: socketOf(keeper, holder),
    standing: keeper.standing.replace('unix://', ''),
    reloads,
    aborts: abortStage(lab, printer, LEFT),
    newName() {
      names += 1;
      return `soak-${names}`;
    },
  };
}

/** Removes what nobody removes who does chores. */
export const removeLeft = (lab: AttachedLab) => removeLabelled(lab, LEFT);

/** Removes everything that was made. */
export async function clearStage(lab: AttachedLab): Promise<void> {
  for (const label of [LEFT, LABEL]) await removeLabelled(lab, label);
  await lab.docker(['volume', 'rm', 'random-aborts']);
}

async function removeLabelled(lab: AttachedLab, label: string): Promise<void> {
  const made = await lab.dockerOutput(['ps', '-aq', '--filter', `label=${label}`]);
  if (made !== '') await lab.dockerOutput(['rm', '-f', '-v', ...made.split('\n')]);
}

/** The number in the next line that the printer's log brings. */
export async function numberedLine(client: RawClient): Promise<number> {
  for (;;) {
    const [, number] = /line (\d+)\n$/.exec(await client.until('\n')) ?? [];
    if (number !== undefined) return Number(number);
  }
}

/** A JSON request through some socket that must be answered with a status; resolves to the answer, parsed if there is one. */
export async function ask(socket: string, status: number, method: string, path: string, body?: unknown) {
  const answer = await request(socket, `/v1.41${path}`, { method, ...(body !== undefined && { body }) });
  if (answer.status !== status) {
    throw new Error(
      `${method} ${path} was answered with ${answer.status}, not ${status}: ${answer.body.slice(0, 500)}`,
    );
  }
  return answer.body === '' ? undefined : JSON.parse(answer.body);
}
