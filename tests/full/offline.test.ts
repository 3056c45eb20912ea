import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { startLists } from '../system/images/resolved.ts';
import { eventually } from '../system/running.ts';

const PROGRAM = new URL('clients/clock/lockkeeper.mjs', import.meta.url).pathname;
const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';

let lab: Lab;
beforeAll(async () => {
  lab = await startLab({ name: 'offline' });
});
afterAll(() => lab?.stop());

test('the built program, a week without its registry, on a clock that is moved forward', {
  timeout: 900_000,
}, async () => {
  for (const image of ['alpine', 'docker:cli']) await lab.dockerOutput(['pull', '-q', image]);
  const [, pinned] = (await lab.dockerOutput(['inspect', '-f', '{{index .RepoDigests 0}}', 'alpine'])).split('@');
  const lists = await startLists(lab, { images: ['docker:cli', `alpine@${pinned}`] }, PROGRAM);
  const { keeper } = lists;
  const create = (image: string) => lab.docker(['create', '-v', SOCKET, image], { host: keeper.url });
  const hoursSoFar = () => keeper.complaints().split('an hour later').length - 1;
  const passHours = async (count: number) => {
    for (let hour = 0; hour < count; hour += 1) {
      const before = hoursSoFar();
      process.kill(keeper.pid, 'SIGUSR2');
      await eventually(async () => hoursSoFar() > before, 'the clock has moved', 60_000);
    }
  };
  await lists.entry('docker:cli', 'match');
  await lab.registry.stop();
  await passHours(7);
  // The schedule has found out (after the mirror the engine tries the Hub itself), and what was confirmed counts on.
  expect(await lists.entry('docker:cli', 'unreachable')).toMatchObject({ trouble: 'name-unknown' });
  expect(await create('docker:cli')).toMatchObject({ code: 0 });
  await passHours(63);
  expect(await create('docker:cli')).toMatchObject({ code: 0 });
  await passHours(3);
  const refused = await create('docker:cli');
  expect(refused.stderr).toMatch(/because the registry could not be reached.* older than 72 h/);
  await passHours(95);
  expect((await create('docker:cli')).code).not.toBe(0);
  expect(await create('alpine')).toMatchObject({ code: 0 });
  await lab.registry.start();
  // Nobody asks for a container: it finds out by itself, half an hour and some chance later at most.
  await passHours(1);
  await lists.entry('docker:cli', 'match');
  expect(await create('docker:cli')).toMatchObject({ code: 0 });
  await lists.stop();
});
