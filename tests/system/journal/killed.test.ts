import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
let keeper: Running;
beforeAll(async () => {
  keeper = await startLockkeeper(lab, { commands: ['push'] });
});
afterAll(() => keeper.stop());

const push = () =>
  request(keeper.standing.replace('unix://', ''), '/v1.40/images/app/push', { method: 'POST' }).then(
    () => true,
    () => false,
  );

function lines(): readonly { sequence: number; type: string }[] {
  const text = readFileSync(join(keeper.state, 'journal.jsonl'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

it('a journal that is killed under load has every line but the last unwritten ones, and goes on', async () => {
  for (let round = 1; round <= 2; round += 1) {
    let answered = 0;
    let isOver = false;
    const before = lines().length;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) answered += (await push()) ? 1 : 0;
    });
    await eventually(async () => answered > 100, 'there is load');
    await keeper.kill('SIGKILL');
    isOver = true;
    await Promise.all(load);
    // Every line can be read, and the run has no gap.
    const run = lines()
      .slice(before)
      .map(({ sequence }) => sequence);
    expect(run).toEqual(run.map((_, index) => (run[0] ?? 0) + index));
    expect(run.length).toBeGreaterThan(50);
    await keeper.restart();
    expect(await push()).toBe(true);
    await eventually(async () => lines().at(-1)?.type === 'decision', 'the next run writes on');
  }
  const { stdout, stderr } = await keeper.cli('events', '--file', '--json', '--limit', '1000');
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toHaveLength(Math.min(1000, lines().length));
});
