import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectControl } from '../../../../main/control/client.ts';
import { serveControl } from '../../../../main/control/server.ts';
import { keepToOurselves } from '../../../../main/sockets/own-mask.ts';
import { overBridge } from '../../../../renderer/connection/over-bridge.ts';
import type { ContractClient } from '../../../../shared/ipc/client-session.ts';
import { contract, type PushName, type RequestName } from '../../../../shared/ipc/contract.ts';
import { emptyHandlers } from '../../shared/ipc/empty-handlers.ts';
import { pushSamples, requestSamples } from '../dashboard/samples.ts';
import { served, sessionFrom, sessionOver } from '../dashboard/served.ts';
import { bridgeInMemory } from '../desktop/bridge/bridge-in-memory.ts';

const subscribed: PushName[] = [];
const handlers = emptyHandlers((name) => subscribed.push(name));
const clients = new Map<string, ContractClient>();
const ends: (() => unknown)[] = [];

beforeAll(async () => {
  keepToOurselves();
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-shells-'));
  ends.push(() => rm(folder, { recursive: true }));
  const path = join(folder, 'control.sock');
  const control = await serveControl({ path, version: '1', handlers });
  if (control.ok) ends.push(control.server.close);
  const connected = await connectControl({ path });
  if (connected.ok) {
    ends.push(connected.value.close);
    clients.set('control socket', connected.value);
  }
  const dashboard = await served(handlers);
  ends.push(dashboard.close);
  clients.set('WebSocket', await sessionOver(dashboard.socket()));
  clients.set('bridge', await sessionFrom(overBridge(bridgeInMemory(handlers))));
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const noSink = { value: () => undefined, lost: () => undefined };

describe.each(['control socket', 'WebSocket', 'bridge'])('through the %s', (shell) => {
  it.each(Object.keys(contract.requests) as RequestName[])('the request %s reaches its handler', async (name) => {
    const answer = await clients.get(shell)?.request(name, requestSamples[name]);
    expect(answer).toEqual({ ok: false, error: { name: 'unavailable', message: name } });
  });

  it.each(Object.keys(contract.pushes) as PushName[])('the push %s reaches its handler', async (name) => {
    subscribed.length = 0;
    const answer = await clients.get(shell)?.subscribe(name, pushSamples[name], noSink);
    expect(answer?.ok).toBe(true);
    expect(subscribed).toEqual([name]);
  });
});
