import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { exists, inspect, printed, sawSocket, tellInode, tellSocket } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { mounting } from '../build-attack/container-attacks.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';

const refusal = either(MOUNT, wayOut('volume-options'));
const raw = ({ engine }: Run): string => engine.socket;
const bindOf = (device: string) => ({ type: 'none', o: 'bind', device });
const atSocket = (run: Run): string => join('/x', basename(raw(run)));
const named = (run: Run, ending = '') => ({ HostConfig: { Binds: [`${run.name}${ending}:/x`] } });

function inline(driver: object, more: object = {}): object {
  return {
    HostConfig: { Mounts: [{ Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: driver, ...more } }] },
  };
}

const made = (run: Run, options: object): Promise<unknown> =>
  run.engine.have('POST', '/volumes/create', { Name: run.name, Driver: 'local', DriverOpts: options });

/** A volume that is made through the door, and mounted. */
function throughVolume(
  described: Pick<Attack, 'id' | 'title' | 'quick' | 'prepare'>,
  options: (run: Run) => object,
  at = atSocket,
): Attack {
  return {
    ...described,
    async attempt(door, run) {
      await door.send(post('/volumes/create', { Name: run.name, DriverOpts: options(run) }));
      await door.send(create(run, { Cmd: tellInode(at(run)), ...named(run) }));
      await door.send(act(run, 'start'));
    },
    happened: async (run) => (await printed(run)).includes(`inode=${run.stage.engineInode}=`),
    refusal,
  };
}

/** A volume whose options alone are the offence: what they lead to is not on this machine. */
function kept(id: string, title: string, body: object): Attack {
  return {
    id,
    title,
    attempt: (door, run) => door.send(post('/volumes/create', { Name: run.name, ...body })),
    happened: (run) => exists(run, `/volumes/${run.name}`),
    refusal: wayOut('volume-options', 'network-volumes', 'volume-driver'),
  };
}

/** What lies outside is read through a volume. */
function reading(id: string, title: string, driver: (run: Run) => object): Attack {
  return {
    id,
    title,
    prepare: (run) => writeFileSync(join(run.outside, 'secret'), 'the secret of the host'),
    async attempt(door, run) {
      await door.send(create(run, { Cmd: ['/bin/busybox', 'cat', '/x/secret'], ...inline(driver(run)) }));
      await door.send(act(run, 'start'));
    },
    happened: async (run) => (await printed(run)).includes('the secret of the host'),
    refusal,
  };
}

export const volumes: AttackClass = {
  name: 'volumes',
  forbids: 'a volume leads a container to the socket, or to what of the host it may not see',
  attacks: [
    throughVolume(
      { id: 'bind-volume', title: 'makes a volume that is a bind of the folder, and mounts it', quick: true },
      (run) => bindOf(dirname(raw(run))),
    ),
    throughVolume({ id: 'rbind-option', title: 'hides the bind among other options of a volume' }, (run) => ({
      type: 'ext4',
      o: 'nosuid,rbind,size=1',
      device: dirname(raw(run)),
    })),
    throughVolume(
      { id: 'bind-root', title: 'makes a volume of the root of the host, and finds the socket below it' },
      () => bindOf('/'),
      (run) => join('/x', raw(run)),
    ),
    throughVolume(
      {
        id: 'bind-link',
        title: 'makes a volume of a link to the folder of the socket',
        prepare: (run) => symlinkSync(dirname(raw(run)), join(run.folder, 'l')),
      },
      (run) => bindOf(join(run.folder, 'l')),
    ),
    mounting({
      id: 'made-earlier',
      title: 'mounts a volume by Binds that somebody made as a bind of the folder earlier',
      prepare: async (run) => void (await made(run, bindOf(dirname(raw(run))))),
      body: (run) => named(run),
      at: atSocket,
      refusal,
    }),
    mounting({
      id: 'made-earlier-mounts',
      title: 'mounts such a volume by Mounts, whose options there say something harmless',
      prepare: async (run) => void (await made(run, bindOf(dirname(raw(run))))),
      body: (run) => ({
        HostConfig: {
          Mounts: [
            { Type: 'volume', Source: run.name, Target: '/x', VolumeOptions: { DriverConfig: { Name: 'local' } } },
          ],
        },
      }),
      at: atSocket,
      refusal,
    }),
    mounting({
      id: 'inline-decoy',
      title: 'mounts a volume that was made earlier, with options of a harmless one that the engine does not heed',
      prepare: async (run) => void (await made(run, bindOf(dirname(raw(run))))),
      body: (run) => {
        const DriverConfig = { Name: 'local', Options: bindOf(run.folder) };
        return {
          HostConfig: { Mounts: [{ Type: 'volume', Source: run.name, Target: '/x', VolumeOptions: { DriverConfig } }] },
        };
      },
      at: atSocket,
      refusal,
    }),
    {
      id: 'overlay-of-socket',
      title: 'makes a volume that is an overlay, with the folder of the socket as its lower layer',
      async attempt(door, run) {
        for (const path of ['u', 'w']) mkdirSync(join(run.folder, path));
        const o = `lowerdir=${dirname(raw(run))},upperdir=${run.folder}/u,workdir=${run.folder}/w`;
        await door.send(
          create(run, {
            Cmd: tellSocket(atSocket(run)),
            ...inline({ Options: { type: 'overlay', device: 'overlay', o } }),
          }),
        );
        await door.send(act(run, 'start'));
      },
      happened: sawSocket,
      refusal,
    },
    mounting({
      id: 'inline',
      title: 'makes the volume with the mount, by VolumeOptions.DriverConfig',
      quick: true,
      body: (run) => inline({ Name: 'local', Options: bindOf(dirname(raw(run))) }),
      at: atSocket,
      refusal,
    }),
    mounting({
      id: 'inline-no-driver',
      title: 'makes it so without naming a driver',
      body: (run) => inline({ Options: bindOf(dirname(raw(run))) }, { NoCopy: true }),
      at: atSocket,
      refusal,
    }),
    mounting({
      id: 'subpath',
      title: 'mounts the socket alone, as a subpath of a volume that is the folder',
      prepare: async (run) => void (await made(run, bindOf(dirname(raw(run))))),
      body: (run) => ({
        HostConfig: {
          Mounts: [{ Type: 'volume', Source: run.name, Target: '/x', VolumeOptions: { Subpath: basename(raw(run)) } }],
        },
      }),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'volumes-from',
      title: 'takes such a volume from another container, by a piece of its ID',
      prepare: async (run) => {
        await made(run, bindOf(dirname(raw(run))));
        const { path, json } = create(run, named(run), { ending: '-holder' });
        const { text } = await run.engine.have('POST', path, json);
        run.kept.set('holder', (JSON.parse(text) as { Id: string }).Id.slice(0, 14));
      },
      body: (run) => ({ HostConfig: { VolumesFrom: [run.kept.get('holder')] } }),
      at: atSocket,
      refusal: either(refusal, wayOut('stronger-container')),
    }),
    mounting({
      id: 'mountpoint',
      title: "binds the engine's own folder of a volume, over which the folder of the socket is mounted just now",
      async prepare(run) {
        await made(run, bindOf(dirname(raw(run))));
        const { path, json } = create(run, named(run), { ending: '-holder' });
        await run.engine.have('POST', path, json);
        await run.engine.have('POST', `/containers/${run.name}-holder/start`);
        const mountpoint = (await inspect(run, '-holder'))?.Mounts[0]?.Source;
        run.kept.set('mountpoint', mountpoint ?? '');
      },
      body: (run) => ({ HostConfig: { Binds: [`${run.kept.get('mountpoint')}:/x`] } }),
      at: atSocket,
      refusal: either(refusal, wayOut('bind-outside')),
    }),
    reading('overlay', 'reads a folder of the host as the lower layer of an overlay', (run) => {
      for (const path of ['u', 'w']) mkdirSync(join(run.folder, path), { recursive: true });
      const layers = `lowerdir=${run.outside},upperdir=${run.folder}/u,workdir=${run.folder}/w`;
      return { Options: { type: 'overlay', o: layers, device: 'overlay' } };
    }),
    reading('bind-outside', 'reads a folder of the host by a bind that has nothing to do with the socket', (run) => ({
      Options: bindOf(run.outside),
    })),
    kept('device', 'makes a volume of a disk of the host', { DriverOpts: { type: 'ext4', device: '/dev/sda1' } }),
    kept('nfs', 'makes a volume of a file server', {
      DriverOpts: { type: 'nfs', o: 'addr=127.0.0.1,rw', device: ':/' },
    }),
    kept('cifs', 'makes a volume of a Windows share', {
      DriverOpts: { type: 'cifs', o: 'addr=127.0.0.1,username=u,password=p', device: '//127.0.0.1/c' },
    }),
    kept('proc', "makes a volume of the kernel's own file system", { DriverOpts: { type: 'proc', device: 'proc' } }),
  ],
};
