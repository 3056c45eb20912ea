import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createProgram } from '../../main/cli/program.ts';
import { connectControl } from '../../main/control/client.ts';
import type { ContractClient } from '../../shared/ipc/client-session.ts';
import type { RequestInput, RequestName } from '../../shared/ipc/contract.ts';
import type { PolicyChange } from '../../shared/ipc/policy-change.ts';
import { attachLab } from '../lab/lab.ts';
import { sessionOver } from '../unit/main/dashboard/served.ts';
import { type ServedWindow, serveWindow } from './dashboard/serving.ts';
import { eventually, settingsJson } from './running.ts';

const lab = attachLab(inject('lab'));
const LOCKED = { images: ['docker:cli'], commands: ['push'] };
/** What somebody would like instead. */
const WIDE = settingsJson({ images: ['*'], locked: false, value: false, lockkeeper: { mode: 'observe' } });
const CHANGES: readonly PolicyChange[] = [
  { kind: 'add-image', entry: 'evil:latest' },
  { kind: 'add-local-image', id: `sha256:${'a'.repeat(64)}` },
  { kind: 'allow-derived-images' },
  { kind: 'stop-denying', operation: 'ImagePush' },
  { kind: 'start-allowing', command: 'push' },
  { kind: 'pass-unknown-operations' },
];

mkdirSync(lab.work, { recursive: true });
const folder = mkdtempSync(join(lab.work, 'locks-'));
const admin = join(folder, 'admin-settings.json');
const wide = join(folder, 'wide.json');
const clients = new Map<string, ContractClient>();
let served: ServedWindow;
let hangUp: () => void = () => undefined;
/** What was good for a write before the policy was locked. */
let basis = { whole: '', change: '' };

beforeAll(async () => {
  write(wide, WIDE);
  write(admin, settingsJson({ ...LOCKED, locked: false }));
  served = await serveWindow(lab, admin);
  write(served.userSettings, '{ "lockkeeper": { "offlineGraceHours": 1 } }');
  const connected = await connectControl({ path: join(served.state, 'control.sock') });
  if (!connected.ok) throw new Error(connected.error.message);
  hangUp = connected.value.close;
  clients.set('control socket', connected.value);
  clients.set('window', await sessionOver(served.socket(await served.visit())));
  const looked = await client('window').request('settingsText', {});
  const proposed = await client('window').request('proposeChange', {
    change: CHANGES[0] ?? { kind: 'allow-derived-images' },
  });
  basis = {
    whole: looked.ok && looked.value.kind === 'writable' ? looked.value.basis : 'none',
    change: proposed.ok && proposed.value.kind === 'writable' ? proposed.value.basis : 'none',
  };
  write(admin, settingsJson(LOCKED));
  await eventually(async () => (await policy()).lockedBy === admin, 'the policy is locked');
});
afterAll(async () => {
  hangUp();
  await served.stop();
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
function client(way: string): ContractClient {
  const found = clients.get(way);
  if (found === undefined) throw new Error(`no connection by the ${way}`);
  return found;
}
async function policy() {
  const [described, status] = [
    await client('control socket').request('policy', {}),
    await client('control socket').request('status', {}),
  ];
  if (!described.ok || !status.ok) throw new Error('the policy is not told');
  const { generation: _generation, ...held } = described.value;
  return { held, enforcement: status.value.enforcement, lockedBy: status.value.policy.lockedBy };
}
/** Everything that says what the policy is, now and after a restart. */
const all = async () => ({
  ...(await policy()),
  admin: readFileSync(admin, 'utf8'),
  user: readFileSync(served.userSettings, 'utf8'),
  beside: readdirSync(dirname(served.userSettings)),
  lastGood: readFileSync(join(served.state, 'last-good-policy.json'), 'utf8'),
  isKeptObserving: readdirSync(served.state).includes('observing.json'),
});

/** For each request of the contract what would change the policy if the lock did not hold; a new one must say. */
const attempts: { readonly [Name in RequestName]: () => readonly RequestInput<Name>[] } = {
  status: () => [{}],
  policy: () => [{}],
  check: () => [{ from: { kind: 'host' }, ask: { kind: 'create', body: WIDE } }],
  recentEvents: () => [{ limit: 1 }],
  resolveAllowList: () => [{}],
  pinImage: () => [{ image: 'evil:latest' }],
  planRefresh: () => [{ image: 'evil:latest' }],
  startRefresh: () => [{ image: 'evil:latest', containers: 'keep' }],
  cancelRefresh: () => [{ id: 'x' }],
  cutOff: () => [{ key: '0123456789abcdef' }],
  giveBack: () => [{ key: '0123456789abcdef' }],
  checkSetUp: () => [{}],
  setUp: () => [{ action: 'prove' }, { action: 'use-context' }, { action: 'leave-context' }],
  suggestChange: () => [{ reason: 'not-listed', operation: 'ContainerCreate', image: 'evil:latest' }],
  proposeChange: () => CHANGES.map((change) => ({ change })),
  applyChange: () => CHANGES.flatMap((change) => [basis.change, basis.whole].map((each) => ({ change, basis: each }))),
  settingsText: () => [{}],
  writeSettings: () =>
    [WIDE, '{}'].flatMap((text) => [basis.whole, basis.change].map((each) => ({ text, basis: each }))),
  setPreferences: () => [{ theme: 'dark', language: 'en', startMinimised: true, firstRun: 'done' }],
  setStartAtLogin: () => [{ on: true }],
  observe: () => [{ minutes: 5 }, { minutes: 60 }],
  enforce: () => [{}],
  dashboardLink: () => [{}],
};
/** Requests that can do nothing but change the policy, each of whose attempts is refused by name. */
const ONLY_CHANGE: readonly RequestName[] = ['applyChange', 'writeSettings', 'observe'];

describe('a locked policy', () => {
  it('was open to the same hands a moment before', () => {
    expect(basis.whole).toMatch(/^[0-9a-f]{64}$/);
    expect(basis.change).toMatch(/^[0-9a-f]{64}$/);
  });

  describe.each(['control socket', 'window'])('by the %s', (way) => {
    it.each(Object.keys(attempts) as RequestName[])('is not changed by %s', async (name) => {
      const before = await all();
      for (const input of attempts[name]()) {
        const answer = await client(way).request(name, input as never);
        if (ONLY_CHANGE.includes(name)) {
          expect(answer).toMatchObject({ ok: false, error: { name: 'policy-locked' } });
          expect(answer.ok || answer.error.message).toContain(admin);
        }
      }
      expect(await all()).toEqual(before);
    });
  });

  const lines: Readonly<Record<string, readonly (readonly string[])[]>> = {
    serve: [['serve', '--settings', wide, '--engine', 'unix:///nowhere/docker.sock']],
    status: [['status']],
    events: [['events']],
    policy: [['policy']],
    validate: [['validate', wide]],
    check: [['check', '--settings', wide, '--create', wide]],
    pin: [['pin', 'evil:latest']],
    refresh: [
      ['refresh', 'evil:latest'],
      ['refresh', '--all-stale'],
    ],
    doctor: [['doctor']],
    completion: [['completion', 'bash']],
    observe: [
      ['observe', '--minutes', '60'],
      ['observe', '--end'],
    ],
    dashboard: [['dashboard']],
  };
  const commands = createProgram({ json: false, outlivesReader: () => undefined, finish: () => undefined }).commands;

  it.each(commands.map((command) => command.name()))('is not changed by lockkeeper %s', async (name) => {
    const before = await all();
    for (const line of lines[name] ?? [[`no attempt for ${name}`]]) {
      const said = await served.cli(...line);
      expect(said.stderr).not.toContain('unknown command');
    }
    expect(await all()).toEqual(before);
  });
});
