import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { attachLab, dockerCli } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { clientEnvironment, waysTo } from './both-ways.ts';
import { startSession } from './terminal.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-stop';
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  keeper = await startLockkeeper(lab);
});
afterAll(async () => {
  await keeper.kill('SIGKILL');
  await keeper.stop();
  await lab.docker(['rm', '-f', NAME]);
});

test('SIGTERM ends it while a client that has ended its input waits for output', async () => {
  const { newest } = dockerCli();
  const [, through] = waysTo(lab, keeper);
  const script = 'cat; echo no more input; exec sleep 600';
  const run = [newest, 'run', '-i', '--name', NAME, 'alpine', 'sh', '-c', script] as const;
  const session = startSession(run, clientEnvironment(lab, through, newest));
  session.endInput();
  await session.see(/no more input\n/);
  await keeper.kill('SIGTERM');
  expect((await session.ended).code).not.toBe(0);
});
