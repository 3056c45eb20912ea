import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isOnHost, printed } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { creating } from '../build-attack/container-attacks.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import { SECRET } from '../stage/strong.ts';

const refusal = either(wayOut('bind-outside'), MOUNT);

type Described = Pick<Attack, 'id' | 'title' | 'quick'>;

/** A container reads the secret that lies outside, by what it binds. */
function reading(
  described: Described,
  hostConfig: (run: Run) => object,
  at: (run: Run) => string = () => '/x/secret',
): Attack {
  return {
    ...described,
    prepare: (run) => writeFileSync(join(run.outside, 'secret'), SECRET),
    async attempt(door, run) {
      await door.send(create(run, { Cmd: ['/bin/busybox', 'cat', at(run)], HostConfig: hostConfig(run) }));
      await door.send(act(run, 'start'));
    },
    happened: async (run) => (await printed(run)).includes(SECRET),
    refusal,
  };
}

/** A container is created with a folder of the host's that belongs to the system. */
function system(path: string, title: string): Attack {
  return creating({
    id: path.slice(1).replaceAll('/', '-'),
    title,
    body: () => ({ HostConfig: { Binds: [`${path}:/x:ro`] } }),
    holds: (_hostConfig, _run, { Mounts }) => Mounts.some(({ Source }) => Source === path),
    refusal,
  });
}

const binding = (bind: string) => ({ Binds: [bind] });
const mountOf = (Source: string, more: object = {}) => ({ Mounts: [{ Type: 'bind', Source, Target: '/x', ...more }] });

export const binds: AttackClass = {
  name: 'binds',
  forbids: 'a container binds a folder of the host that the attacker may not have',
  attacks: [
    reading({ id: 'binds', title: 'binds a folder outside', quick: true }, (run) => binding(`${run.outside}:/x`)),
    reading({ id: 'mounts', title: 'binds it by Mounts, read-only' }, (run) =>
      mountOf(run.outside, { ReadOnly: true }),
    ),
    reading(
      { id: 'file', title: 'binds a single file outside' },
      (run) => binding(`${run.outside}/secret:/x`),
      () => '/x',
    ),
    reading({ id: 'dot-dot', title: 'leaves an allowed folder by ".."' }, (run) =>
      binding(`${run.folder}/${relative(run.folder, run.outside)}:/x`),
    ),
    reading({ id: 'link', title: 'leaves an allowed folder by a link in it', quick: true }, (run) => {
      symlinkSync(run.outside, join(run.folder, 'l'));
      return binding(`${run.folder}/l:/x`);
    }),
    reading({ id: 'link-on-the-way', title: 'leaves an allowed folder by a link in the middle of the path' }, (run) => {
      symlinkSync(join(run.outside, '..'), join(run.folder, 'l'));
      return binding(`${run.folder}/l/${run.name}:/x`);
    }),
    reading({ id: 'sibling', title: 'binds a folder whose name begins like an allowed one' }, (run) => {
      mkdirSync(`${run.stage.work}-${run.name}`);
      run.undo(() => removeFolder(`${run.stage.work}-${run.name}`));
      writeFileSync(join(`${run.stage.work}-${run.name}`, 'secret'), SECRET);
      return binding(`${run.stage.work}-${run.name}:/x`);
    }),
    reading(
      { id: 'parent', title: 'binds the folder above the one outside, among allowed mounts' },
      (run) => ({ Binds: [`${run.folder}:/y`, `${join(run.outside, '..')}:/x`] }),
      (run) => `/x/${run.name}/secret`,
    ),
    reading({ id: 'propagation', title: 'binds it with propagation' }, (run) =>
      mountOf(run.outside, { BindOptions: { Propagation: 'rslave' } }),
    ),
    reading({ id: 'non-recursive', title: 'binds it without what is mounted below' }, (run) =>
      mountOf(run.outside, { BindOptions: { NonRecursive: true } }),
    ),
    reading({ id: 'engine-cwd', title: 'binds it through /proc/self/cwd of the engine' }, (run) =>
      binding(`/proc/self/cwd/${'../'.repeat(12)}${run.outside}:/x`),
    ),
    {
      id: 'create-mountpoint',
      title: 'has a folder made outside',
      async attempt(door, run) {
        await door.send(create(run, { HostConfig: binding(`${run.outside}/marker:/x`) }));
        await door.send(act(run, 'start'));
      },
      happened: (run) => isOnHost(join(run.outside, 'marker')),
      refusal,
    },
    system('/etc', 'binds the settings of the host'),
    system('/proc', 'binds /proc of the host'),
    system('/sys', 'binds /sys of the host'),
    system('/dev', 'binds the devices of the host'),
    system('/boot', 'binds the kernel of the host'),
  ],
};

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
