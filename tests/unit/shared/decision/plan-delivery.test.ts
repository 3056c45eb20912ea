import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin } from '../../../../shared/decision/delivery-obstacle.ts';
import {
  type DeliveryFacts,
  type DeliveryPlan,
  planDelivery,
  type TargetFact,
} from '../../../../shared/decision/plan-delivery.ts';

const SOCKET = '/var/run/docker.sock';

function target(path: string, more: Partial<TargetFact> = {}): TargetFact {
  return { target: path, real: path.replace(/^\/var\/run\//, '/run/'), holds: 'nothing', isParentEmpty: true, ...more };
}

function plan(more: Partial<DeliveryFacts> = {}): DeliveryPlan {
  const planned = planDelivery({ readOnlyRoot: false, targets: [target(SOCKET)], mounts: [], shared: [], ...more });
  if (planned.kind === 'obstacle') throw new Error(planned.words);
  return planned;
}

function obstacle(more: Partial<DeliveryFacts>): string {
  const planned = planDelivery({ readOnlyRoot: false, targets: [target(SOCKET)], mounts: [], shared: [], ...more });
  return planned.kind === 'obstacle' ? planned.words : `planned by ${planned.way}`;
}

const OWN = { what: 'folder', target: '/.lockkeeper' } as const;
const FILE = { what: 'file', target: SOCKET } as const;

describe('the way of a socket', () => {
  it('is a link at the real path where one can be', () => {
    expect(plan()).toEqual({ kind: 'plan', way: 'link', binds: [OWN], links: ['/run/docker.sock'] });
  });

  it('is the folder over the parent where the root is read-only and nothing is there', () => {
    const planned = plan({ readOnlyRoot: true });
    expect(planned).toEqual({
      kind: 'plan',
      way: 'folder',
      binds: [OWN, { what: 'folder', target: '/run' }],
      links: [],
    });
  });

  it.each<[string, Partial<DeliveryFacts>]>([
    ['the image has something beside it', { targets: [target(SOCKET, { isParentEmpty: false })] }],
    ['something is mounted beside it', { mounts: ['/run/other'] }],
    ['the parent is the root itself', { targets: [target('/docker.sock')] }],
    ['it has another name than the socket', { targets: [target('/run/d.sock')] }],
    ['one of several has to', { targets: [target(SOCKET), target('/opt/d.sock')] }],
  ])('is the file where the root is read-only and %s', (_why, more) => {
    const planned = plan({ readOnlyRoot: true, ...more });
    expect(planned).toMatchObject({ way: 'file', links: [] });
    const wanted = more.targets ?? [target(SOCKET)];
    expect(planned.binds).toEqual([OWN, ...wanted.map((one) => ({ what: 'file', target: one.target }))]);
  });

  it.each([['/run'], ['/'], ['/run/docker.sock']])('is the file where %s is a mount', (mount) => {
    expect(plan({ mounts: [mount] })).toEqual({ kind: 'plan', way: 'file', binds: [OWN, FILE], links: [] });
  });

  it.each([['/dev/d.sock'], ['/proc/d.sock'], ['/sys/d.sock']])('is the file at %s', (path) => {
    expect(plan({ targets: [target(path)] }).way).toBe('file');
  });

  it('is the file over a file of the image', () => {
    expect(plan({ targets: [target(SOCKET, { holds: 'file' })] })).toMatchObject({ way: 'file', links: [] });
  });

  it('is none where a link of the image leads to our folder already', () => {
    const committed = target(SOCKET, { real: '/.lockkeeper/docker.sock' });
    expect(plan({ targets: [committed] })).toEqual({ kind: 'plan', way: 'link', binds: [OWN], links: [] });
    expect(plan({ targets: [committed], readOnlyRoot: true }).binds).toEqual([OWN]);
  });

  it('is one for two names of one place', () => {
    expect(plan({ targets: [target(SOCKET), target('/run/docker.sock')] }).links).toEqual(['/run/docker.sock']);
  });
});

describe('what stands in the way', () => {
  it.each<[string, Partial<DeliveryFacts>]>([
    ['is a folder in the image', { targets: [target('/home', { holds: 'folder' })] }],
    ['is a folder in the image', { targets: [target('/home', { holds: 'folder' })], readOnlyRoot: true }],
    ["which is Lockkeeper's", { targets: [target('/.lockkeeper/other.sock')] }],
    ['is a mount below', { mounts: ['/run/docker.sock/x'] }],
    ['has a colon', { targets: [target('/t/a:b.sock')], mounts: ['/t'] }],
  ])('%s', (words, facts) => {
    expect(obstacle(facts)).toContain(words);
  });

  it('is not a colon in the name of a link', () => {
    expect(plan({ targets: [target('/t/a:b.sock')] }).links).toEqual(['/t/a:b.sock']);
  });

  it('is not a folder of the image that a mount hides', () => {
    expect(plan({ targets: [target('/data/x', { holds: 'folder' })], mounts: ['/data'] }).way).toBe('file');
  });
});

describe('sockets that VolumesFrom would bring', () => {
  it('are replaced by its own at the same places', () => {
    const folder = { what: 'folder', target: '/run' } as const;
    expect(plan({ shared: [OWN, folder] })).toEqual({ kind: 'plan', way: 'folder', binds: [OWN, folder], links: [] });
    expect(plan({ shared: [OWN, FILE] })).toEqual({ kind: 'plan', way: 'file', binds: [OWN, FILE], links: [] });
  });

  it('have those that are wanted besides delivered too, none of them through a mount', () => {
    const besides = [target(SOCKET), target('/opt/d.sock')];
    expect(plan({ shared: [OWN, { what: 'folder', target: '/run' }], targets: besides })).toMatchObject({
      way: 'folder',
      links: ['/opt/d.sock'],
    });
    expect(plan({ shared: [OWN, FILE], targets: besides })).toMatchObject({ way: 'file', links: [] });
  });
});

describe('any plan', () => {
  const name = fc.constantFrom('run', 'opt', 'dev', 'a', 'docker.sock', '.lockkeeper');
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => `/${names.join('/')}`);
  const wanted = fc.record({
    target: path,
    real: path,
    holds: fc.constantFrom('nothing', 'file', 'folder'),
    isParentEmpty: fc.boolean(),
  });
  const bind = fc.record({ what: fc.constantFrom('folder', 'file'), target: path });
  const facts = fc.record({
    readOnlyRoot: fc.boolean(),
    targets: fc.array(wanted, { minLength: 1, maxLength: 3 }),
    mounts: fc.array(path, { maxLength: 3 }),
    shared: fc.array(bind, { maxLength: 2 }),
  });

  it('writes no link below a mount or in place of anything, and leaves no shared socket as it is', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const planned = planDelivery(given);
        if (planned.kind === 'obstacle') return;
        const covering = [...given.mounts, ...given.shared.map(({ target: shared }) => shared)];
        for (const link of planned.links) {
          expect(given.readOnlyRoot).toBe(false);
          expect(covering.some((mount) => isWithin(link, mount))).toBe(false);
          expect(given.targets.filter(({ real }) => real === link).some(({ holds }) => holds === 'nothing')).toBe(true);
        }
        const places = planned.binds.map(({ target: place }) => place);
        expect(places).toEqual([...new Set(places)]);
        for (const { target: place } of given.shared) expect(places).toContain(place);
        expect(places).toContain('/.lockkeeper');
        expect(planned.way === 'file').toBe(planned.binds.some(({ what }) => what === 'file'));
      }),
    );
  });
});
