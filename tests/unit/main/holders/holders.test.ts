import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError, type ListedContainer } from '../../../../main/engine/engine-client.ts';
import { type Holders, openHolders } from '../../../../main/holders/holders.ts';
import type { HolderFact, HolderStanding } from '../../../../shared/decision/facts.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';

const holder = {
  key: '0123456789abcdef',
  containerId: 'a',
  image: 'docker:cli',
  imageId: 'sha256:1',
  entry: 'docker:cli',
  targets: ['/var/run/docker.sock'],
};
const CONTAINER = { image: 'busybox', imageId: '', mounts: [], tmpfs: [], networks: [], hostConfig: {} };

let holders: Holders;
let listed: ListedContainer[] | EngineError;
let holds: Record<string, HolderFact>;
let events: EventBody[];
let standing: HolderStanding;
let cutOffSince: string | undefined;
const container = (id: string, state = 'running') => ({ id, name: `name-${id}`, state, sources: ['/x'], writable: [] });
const rawFact: HolderFact = {
  kind: 'raw',
  source: '/run/docker.sock',
  fact: { kind: 'socket', socket: '/run/docker.sock' },
};

beforeEach(() => {
  vi.useFakeTimers();
  listed = [container('a'), container('b')];
  holds = { b: rawFact };
  events = [];
  standing = { kind: 'stands' };
  cutOffSince = undefined;
  holders = openHolders({
    looksFolder: '/looks',
    socketsFolder: '/sockets',
    engine: {
      async containers() {
        if (listed instanceof EngineError) throw listed;
        return listed;
      },
      container: async (id) => ({ id, name: id, ...CONTAINER }),
    },
    inspect: async ({ id }) => holds[id] ?? { kind: 'nothing' },
    sockets: {
      holders: () => [holder],
      cutOffs: { since: () => cutOffSince } as never,
      needsRestart: () => false,
      since: () => '2026-01-02T03:04:05.000Z',
    },
    countsOf: () => ({ passed: 3, refused: 2, granted: 1, observed: 0 }),
    standing: () => standing,
    record: (event) => events.push(event),
  });
});
afterEach(() => {
  holders.stop();
  vi.useRealTimers();
});

describe('who holds a socket', () => {
  it('is told with names and counts, by our records and by what the engine says', async () => {
    await holders.look();
    expect(holders.view()).toMatchObject({
      filtered: [
        {
          containerId: 'a',
          name: 'name-a',
          isRunning: true,
          requests: 6,
          refused: 2,
          since: '2026-01-02T03:04:05.000Z',
        },
      ],
      raw: [{ containerId: 'b', name: 'name-b', source: '/run/docker.sock' }],
      lookedAt: expect.any(String),
    });
  });

  it('is told as it was, and why, when the engine does not answer', async () => {
    expect(holders.view()).not.toHaveProperty('lookedAt');
    await holders.look();
    const before = holders.view();
    listed = new EngineError(undefined, 'connect ENOENT');
    await holders.look();
    expect(holders.view()).toEqual({ ...before, problem: 'connect ENOENT' });
    listed = [];
    await holders.look();
    expect(holders.view()).toMatchObject({ raw: [], filtered: [{ name: 'a', isRunning: false }] });
    expect(holders.view()).not.toHaveProperty('problem');
  });

  it('says at once who is cut off, and after a look whom the policy refuses', async () => {
    holders.watch(() => undefined);
    cutOffSince = '2026-02-03T00:00:00.000Z';
    expect(holders.view().filtered[0]).toMatchObject({ cutOffSince });
    const refusal = { reason: 'not-listed', cause: 'image is not in the allowed list', addition: 'add it' } as const;
    standing = { kind: 'refused', image: 'docker:cli', refusal };
    await holders.look();
    expect(holders.view().filtered[0]).toMatchObject({ refusedBecause: 'image is not in the allowed list: add it' });
  });
});

describe('a container past Lockkeeper', () => {
  it('is an alarm once, and again when it was gone', async () => {
    const alarms = () => events.splice(0).map((event) => event.type === 'lifecycle' && event.detail);
    await holders.look();
    await holders.look();
    expect(alarms()).toEqual([
      "1 container holds the engine's own socket, past Lockkeeper: name-b (busybox, by /run/docker.sock); remove it and create it again through Lockkeeper",
    ]);
    listed = [container('a')];
    await holders.look();
    listed = [container('b'), container('c', 'exited')];
    holds.c = { kind: 'raw', source: '/', fact: { kind: 'exposes', socket: '/run/docker.sock' } };
    await holders.look();
    expect(alarms()).toEqual([
      "2 containers hold the engine's own socket, past Lockkeeper: name-b (busybox, by /run/docker.sock), name-c (busybox, by /, which leads to /run/docker.sock); remove them and create them again through Lockkeeper",
    ]);
  });

  it('is no alarm as long as that is not certain', async () => {
    holds.b = { kind: 'unverifiable', why: 'permission denied' };
    await holders.look();
    expect(events).toEqual([]);
    expect(holders.raw()).toMatchObject([{ doubt: 'permission denied' }]);
  });
});

describe('a change', () => {
  it('is looked at soon, many together, and told to whoever watches', async () => {
    const [watched, rawChanged] = [vi.fn(), vi.fn()];
    const unwatch = holders.watch(watched);
    holders.onRaw(rawChanged);
    for (let index = 0; index < 5; index += 1) holders.changed('b');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watched).toHaveBeenCalledTimes(1);
    expect(rawChanged).toHaveBeenCalledTimes(1);
    holders.changed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watched).toHaveBeenCalledTimes(2);
    expect(rawChanged).toHaveBeenCalledTimes(1);
    unwatch();
    holds.b = { kind: 'nothing' };
    holders.changed('b');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(watched).toHaveBeenCalledTimes(2);
    expect(rawChanged).toHaveBeenCalledTimes(2);
  });

  it('is not looked at any more after the end', async () => {
    const watched = vi.fn();
    holders.watch(watched);
    holders.stop();
    holders.changed();
    await holders.look();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(watched).not.toHaveBeenCalled();
  });
});
