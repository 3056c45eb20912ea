import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ownContainers } from '../../../../main/exceptions/own-containers.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lk-own-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('outlives restarts, each socket for itself', async () => {
  await ownContainers(folder).add('/run/ci.sock', 'one');
  const again = ownContainers(folder);
  expect(await again.has('/run/ci.sock', 'one')).toBe(true);
  expect(await again.has('/run/other.sock', 'one')).toBe(false);
  expect(await again.has('/run/ci.sock', '')).toBe(false);
});

test('a line that a crash cut off matches nothing, and spoils no later one', async () => {
  await ownContainers(folder).add('s', 'one');
  appendFileSync(join(folder, 's'), 'tw');
  await ownContainers(folder).add('s', 'three');
  const again = ownContainers(folder);
  expect(await again.has('s', 'one')).toBe(true);
  expect(await again.has('s', 'three')).toBe(true);
  expect(await again.has('s', 'two')).toBe(false);
  expect(await again.has('s', 'twthree')).toBe(false);
});

test('goes with its socket', async () => {
  const own = ownContainers(folder);
  await own.add('s', 'one');
  await own.forget('s');
  expect(await own.has('s', 'one')).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

test('does not grow with containers that are gone', async () => {
  const own = ownContainers(folder);
  const ids = Array.from({ length: 1100 }, (_, index) => `id-${index}`);
  for (const id of ids) await own.add('s', id);
  await Promise.all([...ids.slice(0, 1050).map((id) => own.gone(id)), own.add('s', 'meanwhile')]);
  expect(readFileSync(join(folder, 's'), 'utf8').split('\n').filter(Boolean).length).toBeLessThan(200);
  const again = ownContainers(folder);
  expect(await again.has('s', 'id-1')).toBe(false);
  expect(await again.has('s', 'id-1099')).toBe(true);
  expect(await again.has('s', 'meanwhile')).toBe(true);
});

test('is there again after the folder was removed', async () => {
  const own = ownContainers(folder);
  await own.add('s', 'one');
  rmSync(folder, { recursive: true });
  await own.storeAgain();
  expect(await ownContainers(folder).has('s', 'one')).toBe(true);
});

test('keeps those of a socket with a long path in letters that a file name spells longer', async () => {
  const socket = `/${'套'.repeat(35)}`;
  await ownContainers(folder).add(socket, 'one');
  expect(await ownContainers(folder).has(socket, 'one')).toBe(true);
});
