import { expect, it } from 'vitest';
import { fitsFilter, holderRows } from '../../../../../renderer/pages/containers/holder-rows.ts';
import type { FilteredHolder, RawHolder } from '../../../../../shared/ipc/containers.ts';

const filtered = (name: string, more: Partial<FilteredHolder> = {}): FilteredHolder => ({
  key: '0',
  containerId: `id-${name}`,
  name,
  image: 'docker.io/library/docker:cli',
  entry: 'docker:*',
  targets: [],
  isRunning: true,
  requests: 0,
  refused: 0,
  needsRestart: false,
  ...more,
});
const raw = (name: string, more: Partial<RawHolder> = {}): RawHolder => ({
  containerId: `id-${name}`,
  name,
  image: 'portainer/agent',
  isRunning: true,
  source: '/run/docker.sock',
  ...more,
});

it('has the worst first, and what is worst of each container', () => {
  const rows = holderRows({
    filtered: [
      filtered('stopped', { isRunning: false }),
      filtered('b'),
      filtered('a'),
      filtered('stale', { needsRestart: true }),
      filtered('refused', { refusedBecause: 'not listed', needsRestart: true }),
      filtered('cut', { cutOffSince: 'now', refusedBecause: 'not listed' }),
    ],
    raw: [raw('perhaps', { doubt: 'permission denied' }), raw('old', { isRunning: false }), raw('past')],
  });
  expect(rows.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'past: raw',
    'old: raw-stopped',
    'perhaps: doubtful',
    'cut: cut-off',
    'refused: refused',
    'stale: needs-restart',
    'a: running',
    'b: running',
    'stopped: stopped',
  ]);
});

it('is filtered by all words, in whatever a row shows', () => {
  const [past, ours] = holderRows({ filtered: [filtered('ci')], raw: [raw('agent')] });
  if (past === undefined || ours === undefined) throw new Error('there are two rows');
  for (const filter of ['', 'ci', 'docker:cli', 'docker:* ci', 'FILTERED', 'id-ci']) {
    expect(fitsFilter(ours, filter, 'Filtered'), filter).toBe(true);
  }
  expect(fitsFilter(ours, 'ci agent', 'Filtered')).toBe(false);
  expect(fitsFilter(past, '/run/docker.sock past', 'Past Lockkeeper')).toBe(true);
});
