import { afterEach, describe, expect, it, vi } from 'vitest';
import { progressOutput } from '../../../../../main/cli/refresh/output.ts';
import { endLines, layerLine, planText } from '../../../../../main/cli/refresh/text.ts';
import { leftWords } from '../../../../../main/refresh/words.ts';
import type { RefreshPlan, RefreshProgress } from '../../../../../shared/ipc/refresh.ts';

const [OLD, NEW] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
const begun = { id: '1', image: 'docker:cli', startedAt: '2026-01-01T00:00:00Z', layers: [], removedContainers: [] };
const progress = (change: Partial<RefreshProgress>): RefreshProgress => ({ ...begun, stage: 'waiting', ...change });

function screen(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, rows: 10, columns: 40, write: (text: string) => written.push(text) };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

afterEach(() => void vi.restoreAllMocks());

describe('a plan in words', () => {
  const plan: RefreshPlan = {
    ...{ image: 'docker:cli', verdict: 'refresh', localImageId: 'x', localDigest: OLD, registryDigest: NEW },
    alsoNamed: ['mine:1'],
    containers: [{ id: 'c', name: 'web', state: 'running', isRunning: true }],
    commands: [],
  };

  it('says what is here, what would come, and what stands in the way of the old image', () => {
    expect(planText(plan)).toBe(
      [
        'docker:cli would be pulled: here sha256:aaaaaaaaaaaa…, registry sha256:bbbbbbbbbbbb…',
        '  container web (running) was made from the old image',
        '  the old image stays: it is also named mine:1',
      ].join('\n'),
    );
  });

  it('says when there is nothing to do, nothing here, or no way', () => {
    expect(planText({ ...plan, verdict: 'current' })).toBe(
      'docker:cli is what the registry has (sha256:bbbbbbbbbbbb…)',
    );
    const { localImageId: _id, localDigest: _digest, ...absent } = plan;
    expect(planText({ ...absent, containers: [], alsoNamed: [] })).toContain('is not on this machine');
    expect(planText({ ...plan, verdict: 'blocked', problem: 'no' })).toBe('docker:cli cannot be refreshed now: no');
  });
});

describe('progress', () => {
  it('is a line for each news where the output is no terminal', () => {
    const { written, stream } = screen(false);
    const output = progressOutput(stream, false);
    output.show([progress({ stage: 'asking' })]);
    output.show([progress({ stage: 'pulling', layers: [{ id: 'a', status: 'Downloading', current: 1, total: 4 }] })]);
    output.show([progress({ stage: 'pulling', layers: [{ id: 'a', status: 'Pull complete' }] })]);
    output.show([progress({ stage: 'pulling', layers: [{ id: 'a', status: 'Pull complete' }] })]);
    output.show([progress({ stage: 'done', from: OLD, to: NEW, removedContainers: ['web'] })]);
    expect(written.join('')).toBe(
      'docker:cli: pulling\ndocker:cli: a: Pull complete\n' +
        'docker:cli: refreshed (sha256:aaaaaaaaaaaa… -> sha256:bbbbbbbbbbbb…)\n  removed containers: web\n',
    );
  });

  it('moves in place on a terminal, fits it, and leaves the ends behind', () => {
    const { written, stream } = screen(true);
    const output = progressOutput(stream, false);
    const layers = Array.from({ length: 20 }, (_, at) => ({ id: `layer${at}${'x'.repeat(60)}`, status: 'Waiting' }));
    output.show([progress({ stage: 'pulling', layers })]);
    const drawn = written.join('').split('\n').slice(0, -1);
    expect(drawn).toHaveLength(8);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(40);
    written.length = 0;
    output.show([progress({ stage: 'done', to: NEW })]);
    expect(written).toEqual(['\u001b[8F\u001b[J', 'docker:cli: refreshed (sha256:bbbbbbbbbbbb…)\n']);
    written.length = 0;
    output.show([progress({ stage: 'done', to: NEW })]);
    output.end();
    expect(written).toEqual([]);
  });

  it.each([true, false])('complains of a failure once (terminal: %s)', (isTTY) => {
    const complained = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const output = progressOutput(screen(isTTY).stream, false);
    for (let times = 0; times < 2; times += 1) output.show([progress({ stage: 'failed', problem: 'no registry' })]);
    const line = 'lockkeeper: docker:cli: not refreshed, and nothing was changed: no registry\n';
    expect(complained.mock.calls).toEqual([[line]]);
  });

  it('shows nothing that moves a cursor, whatever a name holds', () => {
    const { written, stream } = screen(false);
    progressOutput(stream, false).show([progress({ stage: 'pulling', image: 'a\u001b[2Jb' })]);
    expect(written.join('')).toBe('a\\u{1b}[2Jb: pulling\n');
  });

  it('measures a layer where the engine does', () => {
    expect(layerLine({ id: 'a', status: 'Downloading', current: 1_000_000, total: 4_000_000 })).toBe(
      'a: Downloading 25 % of 4.0 MB',
    );
    expect(layerLine({ id: 'a', status: 'Waiting' })).toBe('a: Waiting');
  });
});

describe('an old image that is left', () => {
  it.each([
    [{ why: 'other-names', names: ['mine:1'] }, 'also named mine:1'],
    [{ why: 'containers', names: ['web', 'db'] }, 'made from it: web, db'],
    [{ why: 'only-copy', names: [] }, 'no registry is known to have it'],
    [{ why: 'engine', names: [], detail: 'conflict' }, 'stays: conflict'],
  ] as const)('says why: %o', (left, words) => {
    expect(leftWords({ ...left, names: [...left.names] })).toContain(words);
    expect(endLines(progress({ stage: 'done', left: { ...left, names: [...left.names] } })).at(-1)).toContain(words);
  });
});
