import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
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
