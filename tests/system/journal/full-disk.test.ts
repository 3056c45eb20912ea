import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const folder = join(lab.work, 'small-disk');
const file = join(folder, 'audit.jsonl');
const ballast = join(folder, 'ballast');
let keeper: Running;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mounted = await runCommand('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=128k,mode=0700', 'tmpfs', folder]);
  expect(mounted).toMatchObject({ code: 0 });
  keeper = await startLockkeeper(lab, { commands: ['push'], lockkeeper: { audit: { path: file } } });
});

afterAll(async () => {
  await keeper.stop();
  await runCommand('/usr/bin/umount', [folder]);
  rmSync(folder, { recursive: true, force: true });
});

const push = (number: number) =>
  request(keeper.standing.replace('unix://', ''), `/v1.40/images/app${number}/push`, { method: 'POST' });

async function problems(): Promise<string> {
  const status = await keeper.status();
  return JSON.stringify(status.problems);
}

const journalCodes = async () =>
  (await keeper.events()).map((event) => String(event.what)).filter((code) => code.startsWith('journal-'));

/** The numbers of the pushes in the file, each line of which has to be an event. */
function pushesInFile(): number[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const path = /app(\d+)\/push/.exec(String(JSON.parse(line).path));
    return path === null ? [] : [Number(path[1])];
  });
}

it('a journal on a full disk waits, says so, stops nothing, and goes on by itself when there is space', async () => {
  expect((await push(0)).status).toBe(403);
  await eventually(async () => pushesInFile().includes(0), 'the first refusal is in the file');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  try {
    writeFileSync(ballast, Buffer.alloc(256 * 1024));
  } catch (error) {
    expect(String(error)).toContain('ENOSPC');
  }
  for (let number = 1; number <= 60; number += 1) {
    expect((await push(number)).status).toBe(403);
  }
  await eventually(async () => (await problems()).includes('ENOSPC'), 'the status tells of the full disk');
  expect(await journalCodes()).toEqual(['journal-unwritable']);
  expect((await request(keeper.hostGate, '/_ping')).status).toBe(200);
  rmSync(ballast);
  await eventually(async () => !(await problems()).includes('ENOSPC'), 'the status tells of it no more');
  expect(await journalCodes()).toEqual(['journal-unwritable', 'journal-writable']);
  expect(pushesInFile()).toEqual(Array.from({ length: 61 }, (_, index) => index));
});
