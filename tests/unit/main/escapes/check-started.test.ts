import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EngineError } from '../../../../main/engine/engine-client.ts';
import { checkStarted } from '../../../../main/escapes/check-started.ts';
import type { HolderFact } from '../../../../shared/decision/facts.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

const ID = 'c'.repeat(64);
const container = {
  id: ID,
  name: 'web',
  image: 'alpine',
  imageId: '',
  mounts: [],
  tmpfs: [],
  networks: [],
  hostConfig: {},
  pid: 7,
};
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
}

/** What is recorded and killed when the container has been started. */
async function started({
  exposed = true,
  holds = { kind: 'nothing' },
  isOfFilteredSocket = false,
  policy = {},
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
    },
    policy: () => policyOf(policy),
    holderOf: async () => holds,
    isOfFilteredSocket: async () => isOfFilteredSocket,
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

it('leaves an engine that went away to others', async () => {
  const check = checkStarted({
    engine: {
      container: () => Promise.reject(new EngineError(undefined, 'away')),
      killContainer: async () => undefined,
    },
    survey: { exposedIn: async () => undefined },
    policy: () => policyOf({}),
    holderOf: async () => ({ kind: 'nothing' }),
    isOfFilteredSocket: async () => true,
    record: () => undefined,
    procRoot: proc,
  });
  await expect(check(ID)).resolves.toBeUndefined();
});
