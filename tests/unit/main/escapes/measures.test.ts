import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../../main/escapes/bounds.ts';
import { isDescendant } from '../../../../main/escapes/descendants.ts';
import { looseAtRestart } from '../../../../main/escapes/loose-sources.ts';
import type { SocketHolder } from '../../../../shared/decision/listener.ts';
import { container, hostGate, standing } from '../../shared/decision/ask.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

/** Links, by the path that they stand at. */
const links = (to: Readonly<Record<string, string>>) => ({
  resolve: async (path: string) =>
    path.startsWith('/proc/')
      ? ({ kind: 'unverifiable', why: 'it leads through a link of a process' } as const)
      : ({ kind: 'path', path: to[path] ?? path } as const),
});

describe('boundsOf', () => {
  const mount = (source: string, isWritable: boolean, type = 'bind') => ({
    type,
    name: '',
    source,
    target: '/t',
    isWritable,
  });
  const engine = {
    container: async () => ({
      id: 'c1',
      name: 'c',
      image: '',
      imageId: '',
      tmpfs: [],
      networks: [],
      hostConfig: {},
      mounts: [
        mount('/work', true),
        mount('/conf', false),
        mount('/vol', true, 'volume'),
        mount('/state/sockets/k', false),
        mount('/here', true),
        // Below what the container itself can write in.
        mount('/work/nested', true),
        mount('/work/swapped', true),
      ],
    }),
    containers: async () => [{ id: 'c1', name: 'c', state: 'running', sources: [], writable: ['/work'] }],
  };
  const survey = links({
    '/work/link': '/etc',
    '/here': '/there',
    '/srv/a': '/srv/a',
    '/work/swapped': '/etc',
    '/work/swapped/ssh': '/etc/ssh',
  });
  const state = policyOf({ lockkeeper: { containerSockets: { bindFrom: ['/srv'] } } });
  const check = async (listener: typeof container, source: string, isReadOnly = false) => {
    const bounds = await boundsOf({ engine, survey, socketsFolder: '/state/sockets' }, listener, state);
    return (await bounds.check(source, isReadOnly)).map(({ found }) => found);
  };

  it.each(['/work', '/work/below', '/work/nested/x', '/srv/a', '/there/x'])('%s may be bound', async (source) => {
    expect(await check(container, source)).toEqual([]);
  });

  it.each([
    ['/', '/'],
    ['/worker', '/worker'],
    ['/vol', '/vol'],
    ['/state/sockets/k', '/state/sockets/k'],
    ['/work/link', '/work/link, which leads to /etc'],
    ['/conf/a', '/conf/a, for writing'],
    ['/etc', '/etc'],
    ['/work/swapped/ssh', '/work/swapped/ssh, which leads to /etc/ssh'],
    ['/proc/1/root', '/proc/1/root (it leads through a link of a process)'],
  ])('%s may not', async (source, found) => {
    expect(await check(container, source)).toEqual([found]);
  });

  it('may be handed on for reading what was given for reading', async () => {
    expect(await check(container, '/conf/a', true)).toEqual([]);
  });

  it('has only what the policy names on a standing socket', async () => {
    expect(await check(standing as typeof container, '/work')).toEqual(['/work']);
    expect(await check(standing as typeof container, '/srv')).toEqual([]);
  });
});

describe('looseAtRestart', () => {
  const listed = (name: string, ...writable: string[]) => ({ id: name, name, state: 'exited', sources: [], writable });
  const engine = { containers: async () => [listed('a', '/w'), listed('b', '/linked'), listed('c', '/x/y')] };
  const find = async (sources: readonly string[], own: readonly string[] = []) => {
    const found = await looseAtRestart(
      { engine, survey: links({ '/linked': '/real', '/odd': '/w/inside' }) },
      sources,
      own,
    );
    return found.map(({ found: what }) => what);
  };

  it('are those below a folder in which a container can write, by where either leads', async () => {
    expect(await find(['/w/a', '/real/b', '/odd', '/x/y/z'])).toEqual([
      '/w/a lies below /w, in which container "a" can write',
      '/real/b lies below /linked, in which container "b" can write',
      '/odd lies below /w, in which container "a" can write',
      '/x/y/z lies below /x/y, in which container "c" can write',
    ]);
  });

  it('are not the folder itself, nor what lies above it or beside it', async () => {
    expect(await find(['/w', '/x', '/wide/a', '/x/other'])).toEqual([]);
  });

  it('are what the container itself could exchange', async () => {
    expect(await find(['/o', '/o/a'], ['/o'])).toEqual(['/o/a lies below /o, in which the container itself can write']);
  });
});

describe('isDescendant', () => {
  const holder = (key: string, containerId: string) => ({ key, containerId }) as SocketHolder;
  const created: Readonly<Record<string, readonly string[]>> = {
    '0123456789abcdef': ['child', 'holding'],
    second: ['grandchild', 'c1'],
    other: ['strange'],
  };
  const deps = {
    own: { has: async (socket: string, id: string) => created[socket]?.includes(id) === true },
    // One of them has even created the first holder's container: no walk in circles comes of that.
    holders: () => [holder('0123456789abcdef', 'c1'), holder('second', 'holding'), holder('other', 'not-ours')],
  };

  it.each([
    ['c1', true],
    ['child', true],
    ['grandchild', true],
    ['strange', false],
    ['', false],
  ])('%s: %s', async (id, is) => {
    expect(await isDescendant(deps, container, id)).toBe(is);
  });

  it('is nothing on the host gate', async () => {
    expect(await isDescendant(deps, hostGate, 'child')).toBe(false);
  });
});
