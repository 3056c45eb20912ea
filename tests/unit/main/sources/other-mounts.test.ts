import { describe, expect, it } from 'vitest';
import type { SourceFact } from '../../../../shared/decision/facts.ts';
import { exposes, ordinary, play } from './scene.ts';

describe('other mounts', () => {
  const engine = '/run/docker.sock';

  it('of the socket itself lead to it', () => {
    const facts = play({
      engine,
      sockets: [engine],
      after:
        'mkdir -p /run/else/a; touch /run/else/a/s; mount --bind /run/docker.sock /run/else/a/s; mount -t tmpfs t /mnt; mkdir /mnt/a; touch /mnt/a/s; mount --bind /run/docker.sock /mnt/a/s',
      sources: ['/mnt/a/s', '/mnt/a', '/mnt'],
    });
    expect(facts).toEqual({
      '/mnt/a/s': { kind: 'socket', socket: engine },
      '/mnt/a': exposes(engine),
      '/mnt': exposes(engine),
    });
  });

  it('of folders above it lead to it, by names that need escaping as well', () => {
    const facts = play({
      engine: '/run/deep/docker.sock',
      sockets: ['/run/deep/docker.sock'],
      after: `mount -t tmpfs t /mnt; mkdir -p '/mnt/a b\\c/run' /mnt/deep /mnt/other; mount --bind /run '/mnt/a b\\c/run'; mount --bind /run/deep /mnt/deep`,
      sources: ['/mnt/a b\\c/run', '/mnt/a b\\c', '/mnt/deep', '/mnt/a b\\c/run/deep', '/mnt/other'],
    });
    expect(facts).toEqual({
      '/mnt/a b\\c/run': exposes('/run/deep/docker.sock'),
      '/mnt/a b\\c': exposes('/run/deep/docker.sock'),
      '/mnt/deep': exposes('/run/deep/docker.sock'),
      '/mnt/a b\\c/run/deep': exposes('/run/deep/docker.sock'),
      '/mnt/other': ordinary,
    });
  });

  it('that are overlays lead to what is in their layers, also in an odd place and below a folder', () => {
    const odd = '/mnt/a:b d';
    const facts = play({
      engine,
      sockets: [engine],
      after:
        `mount -t tmpfs t /mnt; mkdir -p /mnt/u /mnt/w /mnt/m /mnt/far/m /mnt/plain/l /mnt/plain/k /mnt/plain/m '${odd}'; ` +
        'mount -t overlay o -o lowerdir=/mnt/plain/l:/run,upperdir=/mnt/u,workdir=/mnt/w /mnt/m; ' +
        `mount --bind /run '${odd}'; mount -t overlay o -o 'lowerdir=/mnt/a\\:b d:/mnt/plain/l' /mnt/far/m; ` +
        'mount -t overlay o -o lowerdir=/mnt/plain/l:/mnt/plain/k /mnt/plain/m',
      sources: ['/mnt/m', '/mnt/m/docker.sock', '/mnt/m/other', '/mnt/far/m', '/mnt/far', '/mnt/plain/m', '/mnt/plain'],
    });
    expect(facts).toEqual({
      '/mnt/m': exposes(engine),
      '/mnt/m/docker.sock': exposes(engine),
      '/mnt/m/other': ordinary,
      '/mnt/far/m': exposes(engine),
      '/mnt/far': exposes(engine),
      '/mnt/plain/m': ordinary,
      '/mnt/plain': ordinary,
    });
  });

  it('may show more of the file system than the socket shows above itself', () => {
    const facts = play({
      before:
        'mount -t tmpfs t /mnt; mkdir -p /mnt/data/host/run /mnt/data/other /run/shown; mount --bind /mnt/data/host/run /run/shown;',
      engine: '/run/shown/docker.sock',
      sockets: ['/run/shown/docker.sock'],
      sources: ['/mnt/data/host', '/mnt/data', '/mnt', '/mnt/data/other', '/run/shown'],
    });
    const found = exposes('/run/shown/docker.sock');
    expect(facts).toEqual({
      '/mnt/data/host': found,
      '/mnt/data': found,
      '/mnt': found,
      '/mnt/data/other': ordinary,
      '/run/shown': found,
    });
  });

  it('of our state are our state, or hold it', () => {
    const facts = play({
      before:
        'mount -t tmpfs t /mnt; mkdir -p /mnt/home/u/lk/sockets/key /mnt/view /mnt/own /mnt/key; mount --bind /mnt/home /mnt/view; mount --bind /mnt/home/u/lk/sockets /mnt/own; mount --bind /mnt/home/u/lk/sockets/key /mnt/key;',
      engine,
      sockets: [engine, '/mnt/home/u/lk/sockets/key/docker.sock'],
      state: '/mnt/home/u/lk',
      sources: [
        '/mnt/view',
        '/mnt/view/u',
        '/mnt/view/u/lk/policy',
        '/mnt/own',
        '/mnt/own/key',
        '/mnt/own/x',
        '/mnt/key',
        '/mnt',
      ],
    });
    const delivered = { kind: 'delivered-folder', targets: ['/var/run/docker.sock'] };
    expect(facts).toMatchObject({
      '/mnt/view': { kind: 'holds-state', below: ['u/lk'] },
      '/mnt/view/u': { kind: 'holds-state', below: ['lk'] },
      '/mnt/view/u/lk/policy': { kind: 'protected' },
      '/mnt/own': { kind: 'protected' },
      '/mnt/own/key': delivered,
      '/mnt/own/x': { kind: 'protected' },
      '/mnt/key': delivered,
      '/mnt': { kind: 'holds-state' },
    });
    const { below } = facts['/mnt'] as Extract<SourceFact, { kind: 'holds-state' }>;
    expect([...below].sort()).toEqual(['home/u/lk', 'key', 'own', 'view/u/lk']);
  });

  it('that hide a folder take it out of reach', () => {
    const facts = play({
      engine,
      sockets: [engine],
      after: 'mount -t tmpfs t /mnt; mkdir -p /mnt/a/run; mount --bind /run /mnt/a/run; mount -t tmpfs over /mnt/a',
      sources: ['/mnt/a', '/run'],
    });
    expect(facts).toEqual({ '/mnt/a': ordinary, '/run': exposes(engine) });
  });

  it('that hide a part of another view leave the rest of it', () => {
    const facts = play({
      before:
        'mount -t tmpfs t /mnt; mkdir -p /mnt/data/host/run /run/shown; mount --bind /mnt/data/host/run /run/shown;',
      engine: '/run/shown/docker.sock',
      sockets: ['/run/shown/docker.sock'],
      after: 'mount -t tmpfs over /mnt/data/host; mkdir /mnt/data/host/run',
      sources: ['/mnt/data/host', '/mnt/data/host/run', '/mnt/data'],
    });
    // A bind that is not recursive shows what the mount hides.
    const found = exposes('/run/shown/docker.sock');
    expect(facts).toEqual({ '/mnt/data/host': ordinary, '/mnt/data/host/run': ordinary, '/mnt/data': found });
  });

  it('of our state that are hidden are nothing of ours', () => {
    const facts = play({
      before:
        'mount -t tmpfs t /mnt; mkdir -p /mnt/lk/sockets/key /mnt/own; mount --bind /mnt/lk/sockets /mnt/own; mount -t tmpfs over /mnt/own; mkdir /mnt/own/key;',
      engine,
      sockets: [engine],
      state: '/mnt/lk',
      sources: ['/mnt/own', '/mnt/own/key'],
    });
    expect(facts).toEqual({ '/mnt/own': ordinary, '/mnt/own/key': ordinary });
  });

  it('bring a device with a second hard link into a folder of another one', () => {
    const facts = play({
      engine,
      sockets: [engine],
      after:
        'ln /run/docker.sock /run/docker/hidden; mount -t tmpfs t /mnt; mkdir -p /mnt/a/docker /mnt/b; mount --bind /run/docker /mnt/a/docker',
      sources: ['/mnt/a', '/mnt/a/docker', '/mnt/b', '/run/docker/hidden'],
    });
    expect(facts).toMatchObject({
      '/mnt/a': { kind: 'unverifiable' },
      '/mnt/a/docker': { kind: 'unverifiable' },
      '/mnt/b': ordinary,
      '/run/docker/hidden': { kind: 'socket' },
    });
  });
});
