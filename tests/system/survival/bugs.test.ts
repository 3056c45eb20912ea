import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually } from '../running.ts';
import { bundleKeeper, mortalKeeper } from './mortal.ts';

const lab = attachLab(inject('lab'));
const keeper = mortalKeeper(lab, {});

beforeAll(async () => {
  await bundleKeeper();
  await keeper.start();
});
afterAll(() => keeper.remove());

it.each([
  ['throw', 'nobody caught this exception'],
  ['reject', 'nobody caught this promise'],
] as const)('goes on after a failure that nobody catches (%s), and tells it', async (how, words) => {
  await keeper.fail(how);
  const journal = () => readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8');
  await eventually(async () => journal().includes(words), 'it is in the journal');
  const line = journal()
    .split('\n')
    .find((one) => one.includes(words));
  expect(JSON.parse(line ?? '')).toMatchObject({ type: 'lifecycle', what: 'internal-error' });
  expect((await request(keeper.hostGate, '/_ping')).status).toBe(200);
});
