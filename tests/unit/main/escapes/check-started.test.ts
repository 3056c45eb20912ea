import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import type { Bounds } from '../../../../main/escapes/bounds.ts';
import { checkStarted } from '../../../../main/escapes/check-started.ts';
import type { HolderFact } from '../../../../shared/decision/facts.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { standing } from '../../shared/decision/ask.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

const ID = 'c'.repeat(64);
const container = {
  id: ID,
  name: 'web',
  image: 'alpine',
  imageId: '',
  mounts: [
    { type: 'bind', name: '', source: '/work/x', target: '/x', isWritable: true },
    { type: 'volume', name: 'v', source: '/var/lib/docker/volumes/v/_data', target: '/v', isWritable: true },
  ],
  tmpfs: [],
  networks: [],
  hostConfig: {},
  pid: 7,
};
/** What may not be bound although it lies in /work. */
let outside: string | undefined;
const bounds: Bounds = { check: async () => [], hold: (path) => path.startsWith('/work') && path !== outside };
let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'lk-proc-'));
  mkdirSync(join(proc, '7'));
  writeFileSync(join(proc, '7', 'mountinfo'), 'mounts of 7');
  writeFileSync(join(proc, '7', 'cgroup'), `0::/docker/${ID}\n`);
});
afterEach(() => rmSync(proc, { recursive: true }));

interface Given {
  readonly exposed?: boolean;
  readonly holds?: HolderFact;
  readonly isOfFilteredSocket?: boolean;
  readonly policy?: Parameters<typeof policyOf>[0];
  /** Where what it has at /x lies; `/work` and below may be bound. */
  readonly mountedFrom?: readonly string[];
}

/** What is recorded and killed when the container has been started. */
async function started({
  exposed = true,
  holds = { kind: 'nothing' },
  isOfFilteredSocket = false,
  policy = {},
  mountedFrom = ['/work/x'],
}: Given) {
  const events: EventBody[] = [];
  const killed: string[] = [];
  const check = checkStarted({
    engine: {
      container: async () => container,
      async killContainer(id) {
        killed.push(id);
      },
    },
    survey: {
      exposedIn: async (mountinfo) =>
        exposed && mountinfo === 'mounts of 7' ? { socket: '/run/docker.sock', point: '/s' } : undefined,
      mountedIn: async () => (point) => (point === '/x' ? mountedFrom : []),
    },
    policy: () => policyOf(policy),
    holderOf: async () => holds,
    createdThrough: async () => (isOfFilteredSocket ? standing : undefined),
    boundsOf: async () => bounds,
    mountedByUs: ['/state/sockets'],
    record: (event) => events.push(event),
    procRoot: proc,
  });
  await check(ID);
  return { events: events.map((event) => event.type === 'lifecycle' && event.detail), killed };
}

const TOLD =
  'container "web" of alpine was started with a way to the engine that is not filtered: /run/docker.sock, at or below /s';

it('tells of what is mounted although the engine does not say so', async () => {
  expect(await started({})).toEqual({ events: [`${TOLD}; remove it with docker rm -f web`], killed: [] });
});

it('kills what a filtered socket made, and everything where the host gate denies', async () => {
  const killed = { events: [`${TOLD}; it was killed`], killed: [ID] };
  expect(await started({ isOfFilteredSocket: true })).toEqual(killed);
  const lockkeeper = { hostGate: { hostEscape: 'deny' } };
  const holds = { kind: 'raw', source: '/run', fact: { kind: 'exposes', socket: '/run/docker.sock' } } as const;
  expect(await started({ policy: { lockkeeper }, holds })).toEqual(killed);
  // What the engine says of its mounts others have told.
  expect(await started({ holds })).toEqual({ events: [], killed: [] });
});

it('does nothing about a process that is not the container, or is not for us to look at', async () => {
  writeFileSync(join(proc, '7', 'cgroup'), '0::/user.slice\n');
  expect(await started({ isOfFilteredSocket: true })).toEqual({ events: [], killed: [] });
  rmSync(join(proc, '7'), { recursive: true });
  expect(await started({ isOfFilteredSocket: true })).toEqual({ events: [], killed: [] });
});

it('does nothing where nothing is mounted, or nothing is enforced', async () => {
  const none = { events: [], killed: [] };
  expect(await started({ exposed: false, isOfFilteredSocket: true })).toEqual(none);
  expect(await started({ isOfFilteredSocket: true, policy: { value: false } })).toEqual(none);
  expect(await started({ isOfFilteredSocket: true, policy: { lockkeeper: { mode: 'observe' } } })).toEqual(none);
});

it('kills what has something else mounted than its creator may bind', async () => {
  const given = { exposed: false, isOfFilteredSocket: true, mountedFrom: ['/etc'] };
  const events = [
    'container "web" of alpine was started with /etc, mounted at /x, which its creator may not bind; it was killed',
  ];
  expect(await started(given)).toEqual({ events, killed: [ID] });
  const nothing = { events: [], killed: [] };
  // Its own path, which was allowed when it was created.
  outside = '/work/x';
  expect(await started({ ...given, mountedFrom: ['/work/x'] })).toEqual(nothing);
  outside = undefined;
  for (const mountedFrom of [['/work/y'], ['/other/way/to/it', '/work'], ['/state/sockets/k'], []]) {
    expect(await started({ ...given, mountedFrom })).toEqual(nothing);
  }
  expect(await started({ ...given, isOfFilteredSocket: false })).toEqual(nothing);
  for (const containerSockets of [{ hostEscape: 'report' }, { allow: ['bind-outside'] }]) {
    expect(await started({ ...given, policy: { lockkeeper: { containerSockets } } })).toEqual(nothing);
  }
});

it('leaves an engine that went away to others', async () => {
  const check = checkStarted({
    engine: {
      container: () => Promise.reject(new EngineError(undefined, 'away')),
      killContainer: async () => undefined,
    },
    survey: { exposedIn: async () => undefined, mountedIn: async () => () => [] },
    policy: () => policyOf({}),
    holderOf: async () => ({ kind: 'nothing' }),
    createdThrough: async () => standing,
    boundsOf: async () => bounds,
    mountedByUs: [],
    record: () => undefined,
    procRoot: proc,
  });
  await expect(check(ID)).resolves.toBeUndefined();
});
