import { describe, expect, it } from 'vitest';
import { dockerHostCommand } from '../../../../../renderer/pages/first-run/docker-host-command.ts';
import { sequenceOf } from '../../../../../renderer/pages/first-run/sequence.ts';
import { type CheckName, type CheckState, checkNames, type SetUpCheck } from '../../../../../shared/ipc/set-up.ts';

const NOBODY: ReadonlySet<string> = new Set();

/** All checks in order, but for some; the mount was refused. */
function found(others: Partial<Record<CheckName, CheckState>> = {}, mount = 'refused'): readonly SetUpCheck[] {
  return checkNames.map((check) => ({
    check,
    state: others[check] ?? 'pass',
    finding: check === 'blocked-mount' ? mount : 'x',
    values: {},
  }));
}
function names(checks: readonly SetUpCheck[], past: ReadonlySet<string> = NOBODY) {
  const { shown, open } = sequenceOf(checks, past);
  return { shown: shown.map(({ check }) => check), open: open?.check };
}

describe('the checks of the first run', () => {
  it('are four in their order, whatever else is wrong, and are through when the last is proven', () => {
    const shown = ['engine', 'policy', 'docker-context', 'blocked-mount'];
    expect(names([...found({ 'raw-sockets': 'fail' })].reverse())).toEqual({ shown, open: undefined });
    expect(names(found({}, 'would-be-refused'))).toEqual({ shown, open: 'blocked-mount' });
  });

  it.each(['fail', 'warn', 'unknown'] as const)('wait at one that says "%s"', (state) => {
    expect(names(found({ policy: state }))).toEqual({ shown: ['engine', 'policy'], open: 'policy' });
  });

  it('go on behind what the user has gone past, and only that', () => {
    const past = new Set(['engine', 'blocked-mount']);
    const checks = found({ engine: 'fail', 'docker-context': 'fail' }, 'undecided');
    expect(names(checks, past).open).toBe('docker-context');
    expect(names(checks, new Set([...past, 'docker-context'])).open).toBeUndefined();
  });

  it('come back to one that is in order no more', () => {
    expect(names(found({ engine: 'fail' })).shown).toEqual(['engine']);
  });
});

it.each([
  ['/run/lockkeeper/docker.sock', 'export DOCKER_HOST=unix:///run/lockkeeper/docker.sock'],
  ['\\\\.\\pipe\\lockkeeper_docker', "$Env:DOCKER_HOST = 'npipe:////./pipe/lockkeeper_docker'"],
])('leads docker to %s', (gate, command) => {
  expect(dockerHostCommand(gate)).toBe(command);
});
