import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Gate } from '../../../main/gate/gate.ts';
import { listenAt } from '../../../main/gate/listen.ts';
import { openPlaces } from '../../../main/gate/places.ts';
import { keepToOurselves } from '../../../main/sockets/own-mask.ts';
import { runOrThrow, SYSTEM_PATH } from '../../lab/command.ts';

let folder: string;
let path: string;
const formerMask = process.umask();
beforeEach(() => {
  keepToOurselves();
  folder = mkdtempSync(join(tmpdir(), 'lk-listen-'));
  path = join(folder, 'docker.sock');
});
afterEach(() => {
  process.umask(formerMask);
  rmSync(folder, { recursive: true, force: true });
});

const places = openPlaces(() => ({ ofSocket: 10, inAll: 10, heldBytes: 1024 })).ofSocket('docker.sock');

/** A gate at which nothing is ever asked. */
const gate: Gate = {
  listener: () => ({ kind: 'host-gate' }),
  enforce: async () => ({ kind: 'forward' }),
  malformed: () => undefined,
  inspectedBodyBytes: () => 1024,
  connectEngine: () => Promise.reject(new Error('there is no engine')),
  failed: () => undefined,
};

test('the socket is for our own user alone, from its first moment on', async () => {
  const watcher = await watchModes(path);
  while (watcher.sightings() < 300) {
    const listening = await listenAt(path, gate, places);
    await listening.close({ cut: true });
  }
  expect(await watcher.stop()).toEqual([0o700]);
  expect(existsSync(path)).toBe(false);
});

test.each([0, 0o022, 0o007, 0o070])(
  'nothing is opened with the mask %o, with which others could use it',
  async (mask) => {
    process.umask(mask);
    await expect(listenAt(path, gate, places)).rejects.toThrow(`${path} was not opened`);
    expect(existsSync(path)).toBe(false);
  },
);

test('a path is never cut: one that is too long is refused, the longest is taken', async () => {
  const longest = join(folder, 'x'.repeat(107 - folder.length - 1));
  await (await listenAt(longest, gate, places)).close({ cut: true });
  await expect(listenAt(`${longest}x`, gate, places)).rejects.toThrow("has 108 bytes, a socket's path at most 107");
  expect(readdirSync(folder)).toEqual([]);
});

test('what a process that is gone has left is replaced', async () => {
  const leave = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  await expect(runOrThrow(process.execPath, ['-e', leave], { env: SYSTEM_PATH })).rejects.toThrow('137');
  expect(statSync(path).isSocket()).toBe(true);
  const listening = await listenAt(path, gate, places);
  await new Promise<void>((resolve) => connect({ path }, resolve));
  await listening.close({ cut: true });
});

test('a socket at which somebody listens is left alone', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await expect(listenAt(path, gate, places)).rejects.toThrow(`${path} is in use by another process`);
  await new Promise<void>((resolve) => connect({ path }, resolve));
  server.close();
});

test('what is no socket is left alone', async () => {
  writeFileSync(path, 'precious');
  await expect(listenAt(path, gate, places)).rejects.toThrow(`${path} exists and is not a socket`);
  expect(statSync(path).isFile()).toBe(true);
});

test('closing without a cut lets connections live; with one, they end', async () => {
  const listening = await listenAt(path, gate, places);
  const client = connect({ path });
  await new Promise((resolve) => client.once('connect', resolve));
  await listening.close({ cut: false });
  expect(client.readyState).toBe('open');
  await expect(new Promise((_, reject) => connect({ path }).once('error', reject))).rejects.toThrow('ENOENT');
  const ended = new Promise((resolve) => client.once('close', resolve));
  await listening.close({ cut: true });
  await ended;
});

/** Looks at a path as fast as it can, in a thread of its own, and tells which modes it has seen there. */
async function watchModes(file: string): Promise<{ sightings(): number; stop(): Promise<readonly number[]> }> {
  const flag = new Int32Array(new SharedArrayBuffer(8));
  const code = `
    const { workerData, parentPort } = require('node:worker_threads');
    const { statSync } = require('node:fs');
    const seen = new Set();
    parentPort.postMessage('looking');
    while (Atomics.load(workerData.flag, 0) === 0) {
      const found = statSync(workerData.file, { throwIfNoEntry: false });
      if (!found) continue;
      seen.add(found.mode & 0o7777);
      Atomics.add(workerData.flag, 1, 1);
    }
    parentPort.postMessage([...seen]);`;
  const worker = new Worker(code, { eval: true, workerData: { flag, file } });
  const message = () => new Promise<unknown>((resolve) => worker.once('message', resolve));
  await message();
  return {
    sightings: () => Atomics.load(flag, 1),
    async stop() {
      const modes = message();
      Atomics.store(flag, 0, 1);
      return (await modes) as readonly number[];
    },
  };
}
