import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { printed, sawSocket, tellInode, tellSocket } from '../ask-engine/evidence.ts';
import type { AttackClass } from '../attack.ts';
import { mounting } from '../build-attack/container-attacks.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import { inodeOf } from '../stage/stage.ts';

const refusal = either(MOUNT, wayOut('bind-outside'));
const raw = ({ engine }: Run): string => engine.socket;
const binding = (bind: string) => ({ HostConfig: { Binds: [bind] } });
const socketIn = (folder: string) => (run: Run) => join(folder, basename(raw(run)));

/** A mount of the host's, where the engine sees it and the suite may make it. */
function mountOnHost(run: Run, ...args: readonly string[]): void {
  const target = args.at(-1) ?? '';
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
  run.undo(() => spawnSync('umount', ['--lazy', target]));
}

/** containerd's socket next to the engine, or where a system service has it. */
function containerdSocket(run: Run): string | undefined {
  const places = [join(dirname(raw(run)), 'exec/containerd/containerd.sock'), '/run/docker/containerd/containerd.sock'];
  return [...places, '/run/containerd/containerd.sock'].find((path) => existsSync(path));
}

async function holder(run: Run): Promise<void> {
  const ending = '-holder';
  const { path, json } = create(run, binding(`${raw(run)}:/x/engine.sock`), { ending });
  await run.engine.have('POST', path, json);
}

export const socket: AttackClass = {
  name: 'socket',
  forbids: "a container sees the engine's own socket by something that it binds",
  attacks: [
    mounting({
      id: 'binds',
      title: 'binds the socket by HostConfig.Binds, read-only',
      quick: true,
      body: (run) => binding(`${raw(run)}:/x:ro`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'mounts',
      title: 'binds the socket by HostConfig.Mounts',
      body: (run) => ({ HostConfig: { Mounts: [{ Type: 'bind', Source: raw(run), Target: '/x' }] } }),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'parent',
      title: 'binds the folder that holds the socket',
      body: (run) => binding(`${dirname(raw(run))}:/x`),
      at: socketIn('/x'),
      refusal,
    }),
    mounting({
      id: 'root',
      title: 'binds the root of the host',
      body: () => binding('/:/x'),
      at: (run) => join('/x', raw(run)),
      refusal,
    }),
    mounting({
      id: 'symlink',
      title: 'binds a link to the socket',
      quick: true,
      prepare: (run) => symlinkSync(raw(run), join(run.folder, 'l')),
      body: (run) => binding(`${run.folder}/l:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'symlink-chain',
      title: 'binds a folder through a chain of relative links',
      prepare(run) {
        symlinkSync(relative(run.folder, dirname(raw(run))), join(run.folder, 'a'));
        symlinkSync('a', join(run.folder, 'b'));
      },
      body: (run) => binding(`${run.folder}/b/.:/x`),
      at: socketIn('/x'),
      refusal,
    }),
    mounting({
      id: 'hard-link',
      title: 'binds a hard link to the socket',
      quick: true,
      prepare(run) {
        linkSync(raw(run), join(run.folder, 'h'));
      },
      body: (run) => binding(`${run.folder}/h:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'hard-link-below',
      title: 'binds a folder that holds a hard link to the socket',
      prepare(run) {
        mkdirSync(join(run.folder, 'd'));
        linkSync(raw(run), join(run.folder, 'd/h'));
      },
      body: (run) => binding(`${run.folder}/d:/x`),
      at: () => '/x/h',
      refusal,
    }),
    mounting({
      id: 'dot-dot',
      title: 'binds the socket by a path that leaves an ordinary folder',
      body: (run) => binding(`${run.folder}/${relative(run.folder, raw(run))}:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'link-dot-dot',
      title: 'binds a path whose ".." comes after a link, where spelling and file system disagree',
      prepare(run) {
        mkdirSync(join(dirname(raw(run)), run.name));
        run.undo(() => spawnSync('rmdir', [join(dirname(raw(run)), run.name)]));
        symlinkSync(join(dirname(raw(run)), run.name), join(run.folder, 'l'));
        symlinkSync(`l/../${basename(raw(run))}`, join(run.folder, 'm'));
      },
      body: (run) => binding(`${run.folder}/m:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'proc-root',
      title: 'binds the socket through /proc/1/root',
      body: (run) => binding(`/proc/1/root${raw(run)}:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'proc-self',
      title: "binds the socket through the engine's own /proc/self/cwd",
      body: (run) => binding(`/proc/self/cwd/${'../'.repeat(12)}${raw(run)}:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'alias-folder',
      title: 'binds a folder over which the folder of the socket is mounted',
      prepare(run) {
        mkdirSync(join(run.folder, 'm'));
        mountOnHost(run, '--bind', dirname(raw(run)), join(run.folder, 'm'));
      },
      body: (run) => binding(`${run.folder}/m:/x`),
      at: socketIn('/x'),
      refusal,
    }),
    mounting({
      id: 'alias-below',
      title: 'binds a folder with the folder of the socket mounted somewhere below it',
      prepare(run) {
        mkdirSync(join(run.folder, 'd/m'), { recursive: true });
        mountOnHost(run, '--bind', dirname(raw(run)), join(run.folder, 'd/m'));
      },
      body: (run) => binding(`${run.folder}/d:/x`),
      at: socketIn('/x/m'),
      refusal,
    }),
    mounting({
      id: 'alias-file',
      title: 'binds a file over which the socket is mounted',
      prepare(run) {
        writeFileSync(join(run.folder, 'f'), '');
        mountOnHost(run, '--bind', raw(run), join(run.folder, 'f'));
      },
      body: (run) => binding(`${run.folder}/f:/x`),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'mount-over-mount',
      title: 'binds a folder on a tmpfs, which has the folder of the socket mounted over a mount',
      prepare(run) {
        mountOnHost(run, '-t', 'tmpfs', 'none', run.folder);
        for (const path of ['d', 'd/m']) mkdirSync(join(run.folder, path));
        mountOnHost(run, '-t', 'tmpfs', 'none', join(run.folder, 'd/m'));
        mountOnHost(run, '--bind', dirname(raw(run)), join(run.folder, 'd/m'));
      },
      body: (run) => binding(`${run.folder}/d:/x`),
      at: socketIn('/x/m'),
      refusal,
    }),
    {
      id: 'overlay',
      title: 'binds an overlay of the host whose lower layer is the folder of the socket',
      prepare(run) {
        for (const path of ['u', 'w', 'm']) mkdirSync(join(run.folder, path));
        const layers = `lowerdir=${dirname(raw(run))},upperdir=${run.folder}/u,workdir=${run.folder}/w`;
        mountOnHost(run, '-t', 'overlay', 'none', '-o', layers, join(run.folder, 'm'));
      },
      async attempt(door, run) {
        await door.send(create(run, { Cmd: tellSocket(socketIn('/x')(run)), ...binding(`${run.folder}/m:/x`) }));
        await door.send(act(run, 'start'));
      },
      // The overlay has inodes of its own, and leads to the socket all the same (unix_find_other takes the real inode).
      happened: sawSocket,
      refusal,
    },
    mounting({
      id: 'volumes-from',
      title: 'takes the volumes of a container that has the socket',
      quick: true,
      prepare: holder,
      body: (run) => ({ HostConfig: { VolumesFrom: [`${run.name}-holder:ro`] } }),
      at: () => '/x/engine.sock',
      refusal: either(MOUNT, wayOut('stronger-container')),
    }),
    {
      id: 'containerd',
      title: "binds containerd's socket, which is as good",
      missing: (run) => (containerdSocket(run) === undefined ? "containerd's socket was not found" : undefined),
      async attempt(door, run) {
        const path = containerdSocket(run) ?? '';
        await door.send(create(run, { Cmd: tellInode('/x'), ...binding(`${path}:/x`) }));
        await door.send(act(run, 'start'));
      },
      happened: async (run) => (await printed(run)).includes(`inode=${inodeOf(containerdSocket(run) ?? '')}=`),
      refusal,
    },
    mounting({
      id: 'listed-image',
      title: 'binds the socket into a container of an image that may have one: it must be a filtered one',
      missing: ({ stage }) => (stage.listed === undefined ? 'no --listed image was given' : undefined),
      body: (run) => ({ Image: run.stage.listed, ...binding(`${raw(run)}:/var/run/docker.sock`) }),
      at: () => '/var/run/docker.sock',
    }),
    mounting({
      id: 'listed-parent',
      title: 'binds the folder of the socket into a container of an image that may have a socket',
      missing: ({ stage }) => (stage.listed === undefined ? 'no --listed image was given' : undefined),
      body: (run) => ({ Image: run.stage.listed, ...binding(`${dirname(raw(run))}:/x`) }),
      at: socketIn('/x'),
      refusal,
    }),
  ],
};
