import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { removeHolders, startHolder } from './holder.ts';

/** A holder that has bound a folder and another one below it, as dev containers do, and puts a link in that one's place. */
const lab = attachLab(inject('lab'));
const folder = join(lab.work, 'swapped-sources');
const work = join(folder, 'work');
const inner = join(work, 'inner');
const secrets = join(folder, 'secrets');
let keeper: Running;
let host: string;

beforeAll(async () => {
  for (const path of [inner, secrets]) mkdirSync(path, { recursive: true });
  writeFileSync(join(secrets, 'secret'), 'of the host');
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  host = `unix://${await startHolder(lab, keeper, 'nested', '-v', `${work}:/w`, '-v', `${inner}:/w/inner`)}`;
});
afterAll(async () => {
  await removeHolders(lab);
  await keeper.stop();
  rmSync(folder, { recursive: true, force: true });
});

const create = (bind: string) =>
  lab.docker(['create', '--label', 'test=escapes', '-v', bind, 'alpine', 'true'], { host });
let before: string;
/** While the source is what it was. */
beforeEach(async () => {
  rmSync(inner, { recursive: true, force: true });
  mkdirSync(inner);
  const made = await create(`${inner}:/x`);
  expect(made.stderr).toBe('');
  before = made.stdout.trim();
  renameSync(inner, join(folder, 'moved'));
  rmSync(join(folder, 'moved'), { recursive: true });
  symlinkSync(secrets, inner);
});

it('has not grown what it may hand on', async () => {
  for (const source of [secrets, inner, join(inner, 'secret')]) {
    const made = await create(`${source}:/x`);
    expect(made.stderr).toContain(`${secrets}`);
    expect(made.stderr).toContain('bindFrom may be bound');
  }
  expect(await create(`${work}:/x`)).toMatchObject({ code: 0 });
});

it('starts nothing with it, and copies nothing through it', async () => {
  for (const command of [
    ['start', before],
    ['cp', `${before}:/x/secret`, '-'],
    ['cp', join(secrets, 'secret'), `${before}:/x/file`],
  ]) {
    const done = await lab.docker(command, { host });
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain(`${inner}, which leads to ${secrets}`);
  }
});

it('does not come up with it itself, nor copies out of itself', async () => {
  for (const command of [
    ['restart', 'nested'],
    ['cp', 'nested:/w/inner/secret', '-'],
  ]) {
    const done = await lab.docker(command, { host });
    expect(done.code).not.toBe(0);
    expect(done.stderr).toContain(`${inner}, which leads to ${secrets}`);
  }
});
