import { resolve } from 'node:path';
import { Command } from 'commander';
import { expect, it } from 'vitest';
import { addServeOptions, serveOptions, wordsOfOptions } from '../../../../main/cli/serve-options.ts';

const read = (words: readonly string[]) =>
  serveOptions(
    addServeOptions(new Command())
      .parse([...words], { from: 'user' })
      .opts(),
  );

it('says options in words that mean the same in another folder', () => {
  const options = {
    engine: 'unix:///e.sock',
    hostGate: 'g.sock',
    settings: 'a b.json',
    state: '/s',
    dashboard: 0,
    standingSockets: ['t1', '/t2'],
  };
  expect(read(wordsOfOptions(options))).toEqual({
    ...options,
    hostGate: resolve('g.sock'),
    settings: resolve('a b.json'),
    standingSockets: [resolve('t1'), '/t2'],
  });
  expect(wordsOfOptions({ standingSockets: [] })).toEqual([]);
});
