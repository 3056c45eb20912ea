import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { connectControl } from '../../../main/control/client.ts';
import type { ContractClient } from '../../../shared/ipc/client-session.ts';
import { contract, type PushName, type RequestName } from '../../../shared/ipc/contract.ts';
import type { Status } from '../../../shared/ipc/status.ts';
import { runCommand } from '../../lab/command.ts';
import { attachLab } from '../../lab/lab.ts';
import { sessionOver } from '../../unit/main/dashboard/served.ts';
import { type ServedWindow, serveWindow } from './serving.ts';

const lab = attachLab(inject('lab'));
const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;
const clients = new Map<string, ContractClient>();
let served: ServedWindow;
let hangUp: () => void = () => undefined;

beforeAll(async () => {
  served = await serveWindow(lab);
  const connected = await connectControl({ path: join(served.state, 'control.sock') });
  if (connected.ok) {
    clients.set('control socket', connected.value);
    hangUp = connected.value.close;
  }
  clients.set('WebSocket', await sessionOver(served.socket(await served.visit())));
});
afterAll(async () => {
  hangUp();
  await served.stop();
});

function client(shell: string): ContractClient {
  const found = clients.get(shell);
  if (found === undefined) throw new Error(`no connection through the ${shell}`);
  return found;
}

/** What no leaf takes: one that is there says so, without doing anything, and one that is not is unknown. */
const surprise = { surprise: 1 } as never;

describe.each(['control socket', 'WebSocket'])('the running program, through the %s', (shell) => {
  it.each(Object.keys(contract.requests) as RequestName[])(
    'knows the request %s, and checks its input',
    async (name) => {
      expect(await client(shell).request(name, surprise)).toMatchObject({
        ok: false,
        error: { name: 'invalid-request' },
      });
    },
  );

  it.each(Object.keys(contract.pushes) as PushName[])('knows the push %s, and checks its input', async (name) => {
    const sink = { value: () => undefined, lost: () => undefined };
    const answer = await client(shell).subscribe(name, surprise, sink);
    expect(answer).toMatchObject({ ok: false, error: { name: 'invalid-request' } });
  });

  it('pushes the status as it is, and again when it changes', async () => {
    const pushed: Status[] = [];
    let tell: (status: Status) => void = () => undefined;
    const next = () => {
      return new Promise<Status>((resolve) => {
        tell = resolve;
      });
    };
    const first = next();
    const value = (status: Status) => {
      pushed.push(status);
      tell(status);
    };
    const subscribed = await client(shell).subscribe('status', {}, { value, lost: () => undefined });
    expect(await first).toMatchObject({ engine: { reachable: false }, enforcement: 'enforcing' });
    const second = next();
    const { hostGate } = await first;
    await lab.docker(['pull', 'alpine'], { host: `unix://${hostGate}` });
    const changed = await second;
    // The first look at what is set up ends when it ends.
    const lasting = ({
      counters: _counters,
      uptimeSeconds: _uptime,
      listeners: _listeners,
      setUp: _setUp,
      ...rest
    }: Status) => rest;
    expect(lasting(changed)).toEqual(lasting(await first));
    expect(changed.counters).not.toEqual(pushed[0]?.counters);
    if (subscribed.ok) subscribed.value();
  });
});

describe('lockkeeper dashboard', () => {
  it('prints a link and nothing else', async () => {
    expect(await served.cli('dashboard')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/),
      stderr: '',
    });
  });
});

describe('lockkeeper serve --dashboard', () => {
  it('says in one line when its port is taken, and leaves nothing behind', async () => {
    const folder = mkdtempSync(join(lab.work, 'taken-'));
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const sockets = ['--state', join(folder, 's'), '--host-gate', join(folder, 'g', 'd.sock')];
    const args = ['serve', ...sockets, '--engine', `unix://${folder}/none.sock`, '--dashboard', String(port)];
    const refused = await runCommand(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: folder },
    });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^lockkeeper: the window cannot be served at 127\.0\.0\.1:\d+ [^\n]*\n$/);
    other.close();
    rmSync(folder, { recursive: true });
  });
});
