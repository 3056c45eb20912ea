import { expect, test } from 'vitest';
import { questionQueue } from '../../../../main/engine/question-queue.ts';

function holding() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (key: string) => () => {
    started.push(key);
    return new Promise<string>((resolve) => ends.set(key, () => resolve(key)));
  };
  return { started, ends, task };
}

test('runs no more than its limit, urgent work and what is hurried first', async () => {
  const { started, ends, task } = holding();
  const queue = questionQueue(1);
  const all = [
    queue.run('first', false, task('first')),
    queue.run('second', false, task('second')),
    queue.run('third', false, task('third')),
    queue.run('urgent', true, task('urgent')),
  ];
  queue.hurry('third');
  queue.hurry('nosuch');
  for (const key of ['first', 'third', 'urgent', 'second']) {
    expect(started.at(-1)).toBe(key);
    ends.get(key)?.();
    // The next one starts once the promises of this one have settled.
    await new Promise(setImmediate);
  }
  expect(started).toEqual(['first', 'third', 'urgent', 'second']);
  expect(await Promise.all(all)).toEqual(['first', 'second', 'third', 'urgent']);
});

test('goes on after a failure', async () => {
  const queue = questionQueue(1);
  await expect(queue.run('a', false, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await queue.run('b', false, async () => 'yes')).toBe('yes');
});
