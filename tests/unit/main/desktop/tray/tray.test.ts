import { describe, expect, it } from 'vitest';
import { textsIn } from '../../../../../main/desktop/texts.ts';
import { type Blocked, type TrayFacts, trayState } from '../../../../../main/desktop/tray/tray-facts.ts';
import { type TrayRow, trayMenu } from '../../../../../main/desktop/tray/tray-menu.ts';
import type { Status } from '../../../../../shared/ipc/status.ts';
import { languages } from '../../../../../shared/texts/catalogues.ts';
import { statusSample } from '../../../shared/ipc/status-sample.ts';
import { blockedSample } from '../blocked-sample.ts';

const status = { ...statusSample, enforcement: 'enforcing' as const, problems: [] };
const inForce = { ...status, policy: { ...status.policy, state: 'in-force' as const } };
const good = { ...inForce, engine: { ...inForce.engine, reachable: true, version: '28.5', detail: 'Docker CE' } };
const facts: TrayFacts = { status: good, blocked: [], unseen: 0, stale: [] };
const wording = { t: textsIn('en'), time: (time: string) => time.slice(11, 16) };
const labels = (rows: readonly TrayRow[]) => rows.map((row) => (row.kind === 'line' ? '---' : row.label));
const menu = (more: Partial<TrayFacts> = {}) => trayMenu({ ...facts, ...more }, wording);
const without = { blocked: [], unseen: 3, stale: [] } satisfies TrayFacts;

describe("the tray's state", () => {
  it.each<[string, TrayFacts]>([
    ['stopped', without],
    ['policy-error', { ...facts, unseen: 1, status: { ...good, policy: { ...good.policy, state: 'last-good' } } }],
    [
      'policy-error',
      { ...facts, status: { ...good, enforcement: 'closed', policy: { ...good.policy, state: 'closed' } } },
    ],
    ['engine-unreachable', { ...facts, unseen: 1, status: { ...good, engine: { ...good.engine, reachable: false } } }],
    ['observing', { ...facts, unseen: 1, status: { ...good, enforcement: 'observing' } }],
    ['not-enforced', { ...facts, status: { ...good, enforcement: 'not-enforced' } }],
    ['blocked', { ...facts, unseen: 1 }],
    ['enforcing', facts],
  ])('is the worst that is so: %s', (state, given) => expect(trayState(given)).toBe(state));
});

describe("the tray's menu", () => {
  it('is read from top to bottom as the header', () => {
    const counted = { ...good, exceptions: 3, counters: { ...good.counters, refusedToday: 12 } };
    expect(labels(menu({ status: counted }))).toEqual([
      'Enforcing',
      '3 exceptions · 12 blocked today',
      'engine 28.5 (Docker CE)',
      'policy locked by /etc/lockkeeper/admin-settings.json',
      '---',
      'Nothing was blocked yet.',
      '---',
      'Open Lockkeeper',
      'Copy DOCKER_HOST',
      'Show the policy file',
      '---',
      'Quit Lockkeeper',
    ]);
  });

  it('offers to observe where nobody has locked that, and the way back while it does', () => {
    const { lockedBy: _, ...unlocked } = good.policy;
    const free = { ...good, policy: unlocked };
    const offered = (status: Status) =>
      menu({ status }).flatMap((row) =>
        row.kind === 'action' && /observe|enforce/.test(row.action.what) ? [[row.label, row.action]] : [],
      );
    expect(offered(good)).toEqual([]);
    expect(offered({ ...free, enforcement: 'not-enforced' })).toEqual([]);
    // The policy itself says so: nobody can end that here.
    expect(offered({ ...free, enforcement: 'observing' })).toEqual([]);
    expect(offered(free)).toEqual(
      [5, 15, 60].map((minutes) => [`Observe for ${minutes} minutes`, { what: 'observe', minutes }]),
    );
    const observing = { ...free, enforcement: 'observing' as const, observingUntil: '2026-01-01T14:30:00.000Z' };
    expect(offered(observing)).toEqual([['Enforce again', { what: 'enforce' }]]);
    expect(labels(menu({ status: observing }))[0]).toBe('Observing until 14:30: nothing is blocked');
  });

  it('has little while the service does not run', () => {
    expect(labels(trayMenu(without, wording))).toEqual([
      'Lockkeeper does not run',
      '---',
      'Open Lockkeeper',
      'Quit Lockkeeper',
    ]);
  });

  it('says what is wrong, and leads to it', () => {
    const wrong = { ...good, engine: { ...good.engine, reachable: false }, problems: [{ text: 'a' }, { text: 'b' }] };
    expect(menu({ status: wrong })).toContainEqual({ kind: 'words', label: 'engine unreachable' });
    expect(menu({ status: wrong })).toContainEqual({ kind: 'action', label: '2 problems …', action: { what: 'open' } });
  });

  it('has the last five that were blocked, which lead to their decisions', () => {
    const blocked: Blocked[] = [9, 8, 7, 6, 5, 4].map((sequence) => blockedSample({ sequence }));
    const rows = menu({ blocked }).filter(
      (row) => row.kind === 'action' && row.action.what === 'open' && row.action.address,
    );
    expect(rows).toHaveLength(5);
    expect(rows[0]).toEqual({
      kind: 'action',
      label: '12:03  image push  docker.io/library/docker:cli',
      action: { what: 'open', address: { page: 'activity', values: { event: '9' } } },
    });
  });

  it('shows names that containers have chosen in one line, without mnemonics and not too long', () => {
    const image = `a&b\n\u202e${'x'.repeat(500)}`;
    const blocked = [blockedSample({ image, caller: { listener: 'host-gate' } })];
    const label = labels(menu({ blocked })).find((words) => words.startsWith('12:03')) ?? '';
    expect(label).toMatch(/^12:03 {2}image push {2}a&&b\\u\{a\}\\u\{202e\}x+…$/);
    expect(label.length).toBeLessThan(90);
  });

  it('offers the refresh of what is stale, once each', () => {
    expect(menu({ stale: ['a', 'b', 'a'] })).toContainEqual({
      kind: 'action',
      label: 'Refresh 2 stale images',
      action: { what: 'refresh', images: ['a', 'b'] },
    });
  });

  it.each([
    ['/run/lockkeeper/docker.sock', 'DOCKER_HOST=unix:///run/lockkeeper/docker.sock'],
    ['\\\\.\\pipe\\lockkeeper_docker', 'DOCKER_HOST=npipe:////./pipe/lockkeeper_docker'],
  ])("copies %s as Docker's tools take it", (hostGate, text) => {
    const label = 'Copy DOCKER_HOST';
    expect(menu({ status: { ...good, hostGate } })).toContainEqual({
      kind: 'action',
      label,
      action: { what: 'copy', text },
    });
  });

  it.each(languages)('has words for everything in %s', (language) => {
    const locked = { ...good, problems: [{ text: 'a' }], policy: { ...good.policy, lockedBy: '/etc/x.json' } };
    const rows = trayMenu(
      { status: locked, blocked: [blockedSample({})], unseen: 0, stale: ['a'] },
      { ...wording, t: textsIn(language) },
    );
    expect(labels(rows).filter((label) => /\b(desktop|header|activity)\./.test(label) || label === '')).toEqual([]);
  });
});
