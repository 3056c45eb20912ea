import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { comesToSeeEngine, sawEngine } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import { tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { marker, SECRET } from '../stage/strong.ts';
import type { Door } from '../wire/door.ts';

const refusal = either(wayOut('restart-policy', 'bind-outside', 'volume-options'), MOUNT);

/** Tells what is at /x, and where that is not the engine's socket yet, puts a link to it in the place of the source. */
function swapper(run: Run, to = dirname(run.engine.socket)): string[] {
  const tell = `/bin/busybox stat -L -c inode=%d:%i= /x/${basename(run.engine.socket)} && exec /bin/busybox sleep 600`;
  return ['/bin/busybox', 'sh', '-c', `${tell}; /bin/busybox sh -c '${swap(run, to)}'; exit 1`];
}

function swap(run: Run, to = dirname(run.engine.socket)): string {
  return `/bin/busybox mv /w/inner /w/old && /bin/busybox ln -s ${to} /w/inner`;
}

const teller = (run: Run): string[] => [
  '/bin/busybox',
  'stat',
  '-L',
  '-c',
  'inode=%d:%i=',
  `/x/${basename(run.engine.socket)}`,
];

const inner = (run: Run): string => join(run.folder, 'inner');
/** Below `inner`, and called as the folder of the socket is. */
const deep = (run: Run): string => join(inner(run), basename(dirname(run.engine.socket)));
const bothBinds = (run: Run): string[] => [`${run.folder}:/w`, `${inner(run)}:/x`];
const POLICY = { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 } };

const prepare = (run: Run): void => mkdirSync(inner(run));

interface Restarting extends Pick<Attack, 'id' | 'title' | 'quick'> {
  readonly hostConfig: (run: Run) => object;
  /** Where the link leads; default: to the folder of the socket. */
  readonly to?: (run: Run) => string;
  readonly before?: (door: Door, run: Run) => Promise<unknown>;
  /** Between create and start. */
  readonly between?: (door: Door, run: Run) => Promise<unknown>;
}

/** A container that swaps its own source, and that the engine restarts by itself. */
function byPolicy({ hostConfig, to, before, between, ...described }: Restarting): Attack {
  return {
    ...described,
    prepare,
    async attempt(door, run) {
      await before?.(door, run);
      await door.send(create(run, { Cmd: swapper(run, to?.(run)), HostConfig: hostConfig(run) }));
      await between?.(door, run);
      await door.send(act(run, 'start'));
    },
    happened: (run) => comesToSeeEngine(run),
    refusal,
  };
}

/** A container whose source is swapped before it starts once more by a request. */
function byRequest(
  id: string,
  title: string,
  again: (door: Door, run: Run) => Promise<unknown>,
  quick = false,
): Attack {
  return {
    id,
    title,
    quick,
    prepare,
    async attempt(door, run) {
      await door.send(create(run, { Cmd: teller(run), HostConfig: { Binds: [`${inner(run)}:/x`] } }));
      await again(door, run);
    },
    happened: (run) => sawEngine(run),
    refusal: either(refusal, wayOut('stronger-container')),
  };
}

/** A copy through a source that is swapped after the create: the engine mounts it for the copy. */
function byCopy(described: Pick<Attack, 'id' | 'title'>, copy: (door: Door, run: Run) => Promise<unknown>): Attack {
  return {
    ...described,
    prepare(run) {
      prepare(run);
      writeFileSync(join(run.outside, 'secret'), SECRET);
    },
    async attempt(door, run) {
      await door.send(create(run, { HostConfig: { Binds: [`${inner(run)}:/x`] } }));
      swapNow(run, run.outside);
      await copy(door, run);
    },
    happened: async (run) => (run.kept.get('read')?.includes(SECRET) ?? false) || existsSync(marker(run)),
    refusal: either(refusal, wayOut('stronger-container')),
  };
}

/** What a container with the folder above can do, done here. */
function swapNow(run: Run, to = dirname(run.engine.socket)): void {
  // Where the engine was to make it and was not asked to, there is none.
  if (existsSync(inner(run))) renameSync(inner(run), join(run.folder, 'old'));
  symlinkSync(to, inner(run));
}

async function runOnce(door: Door, run: Run): Promise<void> {
  await door.send(act(run, 'start'));
  await door.send(act(run, 'wait'));
}

export const restarts: AttackClass = {
  name: 'restarts',
  forbids: 'a source that was checked is another one when the engine mounts it again',
  attacks: [
    byCopy({ id: 'copy-out', title: 'copies out of a source that was swapped for a link' }, async (door, run) => {
      const path = `/containers/${run.name}/archive?path=/x/secret`;
      run.kept.set('read', (await door.send({ method: 'GET', path })).text);
    }),
    byCopy({ id: 'copy-in', title: 'copies into one' }, async (door, run) =>
      door.send({
        method: 'PUT',
        path: `/containers/${run.name}/archive?path=/x`,
        tar: await tarOf({ [basename(marker(run))]: 'x' }),
      }),
    ),
    byPolicy({
      id: 'policy',
      title: 'swaps its own source for a link, and has the engine restart it',
      quick: true,
      hostConfig: (run) => ({ Binds: bothBinds(run), ...POLICY }),
    }),
    byPolicy({
      id: 'always',
      title: 'does so with the policy "always" and Mounts',
      hostConfig: (run) => ({
        Mounts: bothBinds(run).map((bind) => ({
          Type: 'bind',
          Source: bind.split(':')[0],
          Target: bind.split(':')[1],
        })),
        RestartPolicy: { Name: 'always' },
      }),
    }),
    byPolicy({
      id: 'unless-stopped',
      title: 'does so with the policy "unless-stopped" and the source read-only',
      hostConfig: (run) => ({
        Binds: [`${run.folder}:/w`, `${inner(run)}:/x:ro`],
        RestartPolicy: { Name: 'unless-stopped' },
      }),
    }),
    byPolicy({
      id: 'update',
      title: 'gets its restart policy by an update',
      hostConfig: (run) => ({ Binds: bothBinds(run) }),
      between: (door, run) => door.send(act(run, 'update', POLICY)),
    }),
    byPolicy({
      id: 'deeper',
      title: 'swaps a folder on the way to its source',
      hostConfig: (run) => ({ Binds: [`${run.folder}:/w`, `${deep(run)}:/x`], ...POLICY }),
      to: (run) => dirname(dirname(run.engine.socket)),
      before: async (_door, run) => mkdirSync(deep(run)),
    }),
    byPolicy({
      id: 'volume',
      title: 'has its source as a volume that is a bind below the writable folder',
      hostConfig: (run) => ({ Binds: [`${run.folder}:/w`, `${run.name}:/x`], ...POLICY }),
      before: (door, run) =>
        door.send(
          post('/volumes/create', { Name: run.name, DriverOpts: { type: 'none', o: 'bind', device: inner(run) } }),
        ),
    }),
    byPolicy({
      id: 'volumes-from',
      title: 'has the writable folder from another container',
      hostConfig: (run) => ({ Binds: [`${inner(run)}:/x`], VolumesFrom: [`${run.name}-holder`], ...POLICY }),
      before: (door, run) =>
        door.send(create(run, { HostConfig: { Binds: [`${run.folder}:/w`] } }, { ending: '-holder' })),
    }),
    {
      id: 'other-container',
      title: 'has another container swap the source of one that the engine restarts',
      prepare,
      async attempt(door, run) {
        const holder = { Cmd: ['/bin/busybox', 'sh', '-c', swap(run)], HostConfig: { Binds: [`${run.folder}:/w`] } };
        await door.send(create(run, holder, { ending: '-holder' }));
        const wait = `until [ -e /x/go ]; do /bin/busybox usleep 10000; done; exit 1`;
        const tell = `/bin/busybox stat -L -c inode=%d:%i= /x/${basename(run.engine.socket)} && exit 0; touch /x/up; ${wait}`;
        const body = {
          Cmd: ['/bin/busybox', 'sh', '-c', tell],
          HostConfig: { Binds: [`${inner(run)}:/x`], ...POLICY },
        };
        await door.send(create(run, body));
        await door.send(act(run, 'start'));
        await door.send(post(`/containers/${run.name}-holder/start`));
        await door.send(post(`/containers/${run.name}-holder/wait`));
        await door.send(act(run, 'exec', { Cmd: ['/bin/busybox', 'touch', '/x/go'] }));
        await door.send(post(`/containers/${run.name}/kill?signal=KILL`));
        await door.send(act(run, 'start'));
      },
      happened: (run) => comesToSeeEngine(run),
      refusal,
    },
    byRequest(
      'create-start',
      'swaps the source between create and start',
      async (door, run) => {
        swapNow(run);
        await door.send(act(run, 'start'));
      },
      true,
    ),
    byRequest('start-again', 'swaps the source between two starts', async (door, run) => {
      await runOnce(door, run);
      swapNow(run);
      await door.send(act(run, 'start'));
    }),
    byRequest('restart', 'swaps the source before a restart', async (door, run) => {
      await runOnce(door, run);
      swapNow(run);
      await door.send(act(run, 'restart?t=0'));
    }),
    byRequest('missing', 'has the engine make the source, and swaps it then', async (door, run) => {
      rmSync(inner(run), { recursive: true });
      await runOnce(door, run);
      swapNow(run);
      await door.send(act(run, 'start'));
    }),
  ],
};
