import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DockerAnswer } from '../../../../main/set-up/docker-command.ts';
import { type SetUpWatch, watchSetUp } from '../../../../main/set-up/set-up.ts';
import { machine } from './found.ts';

let setUp: SetUpWatch;
let looks: number;
let isReachable: boolean;
let docker: DockerAnswer;
const failed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  looks = 0;
  isReachable = true;
  docker = { kind: 'missing' };
  failed.mockReset();
  setUp = watchSetUp({
    failed,
    machine: machine({
      docker: async () => docker,
      engine() {
        looks += 1;
        return isReachable ? { reachable: true, version: '28.5' } : { reachable: false, detail: 'away' };
      },
    }),
    prove: {
      endpoint: { kind: 'socket', url: 'unix:///nowhere', path: '/nowhere' },
      gate: '/nowhere',
      engine: { taggedImages: async () => [], removeContainer: async () => undefined },
      decide: async () => ({ kind: 'pass' }),
    },
  });
});
afterEach(() => {
  setUp.stop();
  vi.useRealTimers();
});

const checkOf = (name: string) => setUp.last()?.checks.find(({ check }) => check === name);
/** Lets the checks come to their end, which they do with the file system. */
const settled = (isSo: () => boolean) => vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 20_000 });

it('knows nothing before it has looked, and looks at each change, many together', async () => {
  expect(setUp.last()).toBeUndefined();
  for (let index = 0; index < 5; index += 1) setUp.changed();
  await vi.advanceTimersByTimeAsync(2_000);
  await settled(() => checkOf('engine')?.state === 'pass');
  // The check of the engine, and that of versions.
  expect(looks).toBe(2);
});

it('looks now and then by itself, and tells only when something came out otherwise', async () => {
  const told = vi.fn();
  await setUp.check();
  setUp.onChange(told);
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  await settled(() => looks === 4);
  await setUp.check();
  expect(told).not.toHaveBeenCalled();
  isReachable = false;
  await setUp.check();
  expect(told).toHaveBeenCalledTimes(1);
  expect(checkOf('engine')?.state).toBe('fail');
});

it('says in words what kept it from doing what was asked for', async () => {
  expect(await setUp.act('use-context')).toBe('the docker command is not installed');
  docker = { kind: 'failed', why: 'config.json: permission denied' };
  expect(await setUp.act('use-context')).toBe('config.json: permission denied');
  expect(await setUp.act('leave-context')).toBe('config.json: permission denied');
});

it('answers with the proof, and does not take it for what is so', async () => {
  const proven = await setUp.act('prove');
  if (typeof proven === 'string') throw new Error(proven);
  const proof = proven.checks.find(({ check }) => check === 'blocked-mount');
  expect(proof).toMatchObject({ state: 'unknown', finding: 'no-image', command: 'docker pull hello-world' });
  expect(checkOf('blocked-mount')?.finding).toBe('not-running');
});

it('looks no more after the end', async () => {
  setUp.changed();
  setUp.stop();
  setUp.changed();
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(looks).toBe(0);
  expect(failed).not.toHaveBeenCalled();
});
