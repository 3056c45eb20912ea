import { describe, expect, it } from 'vitest';
import { checkBlockedMount } from '../../../../main/set-up/blocked-mount.ts';
import { checkEngine } from '../../../../main/set-up/engine.ts';
import { checkEngineOnTcp } from '../../../../main/set-up/engine-on-tcp.ts';
import { checkLimits } from '../../../../main/set-up/limits.ts';
import { checkLockkeeper } from '../../../../main/set-up/lockkeeper.ts';
import { checkPolicy } from '../../../../main/set-up/policy.ts';
import { checkRawSockets } from '../../../../main/set-up/raw-sockets.ts';
import { checkVersions } from '../../../../main/set-up/versions.ts';
import type { RawHolder } from '../../../../shared/ipc/containers.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { closed, FILE, policyOf } from '../../shared/decision/policy-of.ts';
import { found, machine } from './found.ts';

describe('Lockkeeper and the engine', () => {
  it('are there, or not, and then why', async () => {
    expect(await found(checkLockkeeper(machine()))).toBe(
      'pass running: Lockkeeper 1.2.3 runs and takes Docker’s requests at unix:///run/lockkeeper/docker.sock.',
    );
    expect(await found(checkLockkeeper(machine({ notRunning: 'nobody answers' })))).toBe(
      'fail not-running: No Lockkeeper could be asked: nobody answers',
    );
    expect(await found(checkEngine(machine()))).toContain('pass reachable');
    const away = machine({ engine: () => ({ reachable: false, detail: 'connect ENOENT' }) });
    expect(await found(checkEngine(away))).toMatch(/^fail unreachable: .*\(connect ENOENT\)/);
    expect(await found(checkVersions(away))).toContain('unknown unknown');
  });

  it.each([
    ['20.10.24', 'pass known'],
    ['28.5.2', 'pass known'],
    ['19.3.1', 'warn old'],
    ['29.0.0', 'warn newer'],
  ])('are of known versions, or not: %s', async (version, expected) => {
    expect(await found(checkVersions(machine({ engine: () => ({ reachable: true, version }) })))).toContain(expected);
  });
});

describe('limits', () => {
  const none = { gaveWay: 0, turnedAway: 0, tooLarge: 0 };
  it.each([
    ['were kept', none, 'pass within'],
    ['made connections give way', { ...none, gaveWay: 3 }, 'warn reached: Since Lockkeeper started, 3 connections'],
    [
      'turned connections away',
      { ...none, turnedAway: 2 },
      '0 connections were closed to make room for others, 2 were',
    ],
    ['refused requests', { ...none, tooLarge: 1 }, 'and 1 requests were too large'],
  ])('%s', async (_, beyond, expected) => {
    expect(await found(checkLimits(machine({ beyondLimits: () => beyond })))).toContain(expected);
  });

  it('are not known without a Lockkeeper', async () => {
    expect(await found(checkLimits(machine({ beyondLimits: undefined })))).toContain('unknown not-running');
  });
});

describe('the policy', () => {
  const lastGood: PolicyState = { ...policyOf({}), problems: [{ file: FILE, line: 2, text: 'not trusted' }] } as never;
  it.each<[string, PolicyState, string]>([
    ['locked', policyOf({ images: ['docker:cli'] }), `pass locked: The policy in ${FILE} is in force and locked.`],
    ['switched off', policyOf({ value: false }), 'fail not-enforced'],
    ['doubtful', { ...policyOf({}), warnings: [{ file: FILE, text: 'careful' }] } as PolicyState, 'warn warnings'],
    ['observed for a while', { ...policyOf({}), observingUntil: '2026-01-01' } as PolicyState, 'warn observing'],
    ['replaced by the last good one', lastGood, 'fail last-good'],
    ['not there', closed, 'fail closed'],
  ])('is %s', async (_, state, expected) => {
    expect(await found(checkPolicy(machine({ policy: () => state })))).toContain(expected);
  });
});

describe('containers past Lockkeeper', () => {
  const holder: RawHolder = { containerId: 'c', name: 'agent', image: 'busybox', isRunning: true, source: '/run/x' };
  it.each<[string, readonly RawHolder[] | Error, string]>([
    ['none', [], 'pass none'],
    ['that run', [holder, { ...holder, name: 'old', isRunning: false }], 'fail running: These containers command'],
    ['that are stopped', [{ ...holder, isRunning: false }], 'warn stopped'],
    ['perhaps', [{ ...holder, doubt: 'permission denied' }], 'warn doubtful'],
    [
      'not known',
      new Error('the engine is away'),
      'unknown unknown: The engine could not be asked: the engine is away',
    ],
  ])('are found: %s', async (_, holders, expected) => {
    const rawHolders = async () => {
      if (holders instanceof Error) throw holders;
      return holders;
    };
    expect(await found(checkRawSockets(machine({ rawHolders })))).toContain(expected);
  });

  it('come with the command that removes them, but not those of which it is not certain', async () => {
    const doubtful = { ...holder, name: 'perhaps', doubt: '' };
    const { command } = await checkRawSockets(machine({ rawHolders: async () => [holder, doubtful] }));
    expect(command).toBe('docker rm -f agent');
  });
});

describe('a blocked mount', () => {
  const refusal = { status: 403, reason: 'not-listed', message: 'mount denied' } as const;
  it.each([
    [{ kind: 'refuse', refusal }, 'pass would-be-refused'],
    [{ kind: 'refuse', refusal: { ...refusal, status: 503 } }, 'unknown undecided'],
    [{ kind: 'rewrite', covers: [], keeps: [], image: 'x' }, 'warn everything'],
    [{ kind: 'pass' }, 'fail passes'],
  ] as const)('is decided as every create is: %j', async (decision, expected) => {
    expect(await found(checkBlockedMount(machine({ unknownImage: async () => decision })))).toContain(expected);
  });

  it('is not known without a Lockkeeper', async () => {
    expect(await found(checkBlockedMount(machine()))).toContain('unknown not-running');
  });
});

it('an engine that is reached by TCP is open to containers, too', async () => {
  const endpoint = { kind: 'tcp', url: 'tcp://192.0.2.1:4243', host: '192.0.2.1', port: 4243 } as const;
  expect(await found(checkEngineOnTcp(machine({ endpoint })))).toContain(
    'fail open: An engine answers at 192.0.2.1:4243',
  );
});
