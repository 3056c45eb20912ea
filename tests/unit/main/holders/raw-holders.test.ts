import { expect, it } from 'vitest';
import type { EngineContainer } from '../../../../main/engine/engine-client.ts';
import { rawHolders } from '../../../../main/holders/raw-holders.ts';
import type { HolderFact } from '../../../../shared/decision/facts.ts';

const LOOKS = '/state/looks';
const raw = (source: string): HolderFact => ({ kind: 'raw', source, fact: { kind: 'socket', socket: source } });

/** Containers that hold what they are said to; tells which of them the engine was asked about. */
function among(containers: Readonly<Record<string, { holds: HolderFact; state?: string; sources?: string[] }>>) {
  const asked: string[] = [];
  let hold: Promise<void> = Promise.resolve();
  const holders = rawHolders({
    looksFolder: LOOKS,
    socketsFolder: '/sockets',
    engine: {
      containers: async () =>
        Object.entries(containers).map(([id, { state = 'running', sources = ['/somewhere'] }]) => ({
          id,
          name: `name-${id}`,
          state,
          writable: [],
          sources,
        })),
      async container(id) {
        asked.push(id);
        await hold;
        const found: EngineContainer = {
          id,
          name: id,
          image: 'busybox',
          imageId: '',
          mounts: [],
          tmpfs: [],
          networks: [],
          hostConfig: {},
        };
        return found;
      },
    },
    inspect: async ({ id }) => containers[id]?.holds ?? { kind: 'nothing' },
  });
  return {
    holders,
    asked,
    hold: (until: Promise<void>) => {
      hold = until;
    },
  };
}

it('finds those that hold the socket, or what leads to it, and says by what', async () => {
  const { holders } = among({
    a: { holds: raw('/run/docker.sock') },
    b: { holds: { kind: 'raw', source: '/', fact: { kind: 'exposes', socket: '/run/docker.sock' } }, state: 'exited' },
    c: { holds: { kind: 'raw', source: '/run/c.sock', fact: { kind: 'protected', what: "containerd's socket" } } },
    d: { holds: { kind: 'nothing' } },
    e: { holds: { kind: 'filtered-socket', targets: [] } },
    f: { holds: { ...raw('/state/sockets/0'), isFiltered: true } as HolderFact },
  });
  const basis = { image: 'busybox' };
  expect((await holders.look()).raw).toEqual([
    { ...basis, containerId: 'a', name: 'name-a', isRunning: true, source: '/run/docker.sock' },
    { ...basis, containerId: 'b', name: 'name-b', isRunning: false, source: '/', leadsTo: '/run/docker.sock' },
    {
      ...basis,
      containerId: 'c',
      name: 'name-c',
      isRunning: true,
      source: '/run/c.sock',
      leadsTo: "containerd's socket",
    },
  ]);
});

it('asks about each container once, and not about those that mount nothing, or that are looks of our own', async () => {
  const containers = {
    a: { holds: raw('/run/docker.sock') },
    b: { holds: { kind: 'nothing' } as const },
    c: { holds: raw('/run/docker.sock'), sources: [] },
    d: { holds: raw('/run/docker.sock'), sources: [LOOKS] },
  };
  const { holders, asked } = among(containers);
  await holders.look();
  const again = await holders.look();
  expect(asked).toEqual(['a', 'b']);
  expect(again.raw.map(({ containerId }) => containerId)).toEqual(['a']);
  expect([...again.listed.keys()]).toEqual(['a', 'b', 'c', 'd']);
});

it('asks again about what could not be found out, and about a container that was started', async () => {
  const containers: Record<string, { holds: HolderFact }> = {
    a: { holds: { kind: 'unverifiable', why: '/secret: permission denied' } },
    b: { holds: { kind: 'nothing' } },
  };
  const { holders } = among(containers);
  expect((await holders.look()).raw).toMatchObject([{ containerId: 'a', doubt: '/secret: permission denied' }]);
  containers.a = { holds: { kind: 'nothing' } };
  containers.b = { holds: raw('/run/docker.sock') };
  expect((await holders.look()).raw).toEqual([]);
  holders.forget('b');
  expect((await holders.look()).raw).toMatchObject([{ containerId: 'b' }]);
});

it('does not keep what it found while the container was started', async () => {
  const containers: Record<string, { holds: HolderFact }> = { a: { holds: { kind: 'nothing' } } };
  const { holders, hold } = among(containers);
  let goOn = () => {};
  hold(
    new Promise((resolve) => {
      goOn = resolve;
    }),
  );
  const looking = holders.look();
  await new Promise(setImmediate);
  holders.forget('a');
  goOn();
  await looking;
  containers.a = { holds: raw('/run/docker.sock') };
  expect((await holders.look()).raw).toMatchObject([{ containerId: 'a' }]);
});

it('leaves those alone that have a delivered folder and nothing else, though nobody has a record of it', async () => {
  const { holders, asked } = among({
    lost: { holds: raw('/sockets/0'), sources: ['/sockets/0'] },
    both: { holds: raw('/run/docker.sock'), sources: ['/sockets/1', '/run/docker.sock'] },
    all: { holds: raw('/sockets'), sources: ['/sockets'] },
  });
  expect((await holders.look()).raw.map(({ containerId }) => containerId)).toEqual(['both', 'all']);
  expect(asked).not.toContain('lost');
});
