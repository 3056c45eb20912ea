import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exposes, ordinary, play } from './scene.ts';
import { temporaryFolder } from './stage.ts';

describe('the usual place', () => {
  it('is seen by every spelling and from every folder above', () => {
    const socket = '/run/docker.sock';
    const facts = play({
      engine: '/var/run/docker.sock',
      sockets: [socket],
      sources: [
        '/var/run/docker.sock',
        '/var//run/./docker.sock',
        socket,
        '/run',
        '/var/run',
        '/',
        '/var',
        '/run/docker',
      ],
    });
    expect(facts).toEqual({
      '/var/run/docker.sock': { kind: 'socket', socket: '/var/run/docker.sock' },
      '/var//run/./docker.sock': { kind: 'socket', socket: '/var/run/docker.sock' },
      [socket]: { kind: 'socket', socket },
      '/run': exposes('/var/run/docker.sock'),
      '/var/run': exposes('/var/run/docker.sock'),
      '/': exposes('/var/run/docker.sock'),
      '/var': ordinary,
      '/run/docker': ordinary,
    });
  });

  it('means the Docker socket with nothing there, and nothing with something else there', () => {
    const engine = '/run/user/4242/docker.sock';
    const nothing = play({
      engine,
      sockets: [engine],
      sources: ['/var/run/docker.sock', '/run/../var/run/docker.sock', '/run/user/4242', '/run/user'],
    });
    expect(nothing).toEqual({
      '/var/run/docker.sock': { kind: 'socket', socket: '/var/run/docker.sock' },
      '/run/../var/run/docker.sock': { kind: 'socket', socket: '/var/run/docker.sock' },
      '/run/user/4242': exposes(engine),
      '/run/user': exposes(engine),
    });
    const folder = play({
      engine,
      sockets: [engine],
      after: 'mkdir /run/docker.sock',
      sources: ['/var/run/docker.sock'],
    });
    expect(folder).toEqual({ '/var/run/docker.sock': ordinary });
  });

  it('may be held by another engine than ours', () => {
    const facts = play({
      engine: '/run/user/4242/docker.sock',
      sockets: ['/run/user/4242/docker.sock', '/run/docker.sock', '/run/user/77/podman/podman.sock'],
      after: 'mkdir /tmp/lk-x$$; ln -s /run/docker.sock /run/link',
      sources: ['/run/link', '/run/user/77/podman/podman.sock', '/run/user/77', '/run/user/78'],
    });
    expect(facts).toEqual({
      '/run/link': { kind: 'socket', socket: '/var/run/docker.sock' },
      '/run/user/77/podman/podman.sock': { kind: 'socket', socket: '/run/user/77/podman/podman.sock' },
      '/run/user/77': exposes('/run/user/77/podman/podman.sock'),
      '/run/user/78': ordinary,
    });
  });

  it('has control sockets beside it that nobody gets', () => {
    const sockets = [
      '/run/docker.sock',
      '/run/containerd/containerd.sock',
      '/run/docker/containerd/containerd.sock',
      '/run/docker/plugins/volume.sock',
      '/run/docker/swarm/control.sock',
      '/run/containerd/s/0abc',
    ];
    const [engine = '', ...controls] = sockets;
    const facts = play({
      engine,
      sockets,
      sources: [
        ...controls,
        '/run/containerd',
        '/var/run/docker/containerd',
        '/run/containerd/s',
        '/run/docker/plugins',
      ],
    });
    for (const control of controls) expect(facts[control], control).toMatchObject({ kind: 'protected' });
    expect(facts['/run/containerd/s']).toMatchObject({ kind: 'protected' });
    expect(facts['/run/containerd']).toEqual(exposes('/run/containerd/containerd.sock'));
    expect(facts['/var/run/docker/containerd']).toEqual(exposes('/run/docker/containerd/containerd.sock'));
    expect(facts['/run/docker/plugins']).toEqual(exposes('/run/docker/plugins/volume.sock'));
  });

  it('keeps the name of containerd also while it is away', () => {
    const socket = '/var/run/containerd/containerd.sock';
    const facts = play({ engine: '/run/docker.sock', sockets: ['/run/docker.sock'], sources: [socket] });
    expect(facts[socket]).toMatchObject({ kind: 'protected' });
  });
});

describe('as another user', () => {
  it('says what it may not look at, and does not vouch for what is above', () => {
    const engine = '/run/user/65534/docker.sock';
    const facts = play({
      engine,
      sockets: [engine, '/run/user/0/docker.sock'],
      after:
        'chmod 700 /run/user/0 /run/docker; chmod 755 /run/user /run/user/65534; mkdir -p /run/open /run/shut/x; chmod 700 /run/shut',
      user: 65534,
      sources: [
        '/run/shut/x',
        '/run/user/0',
        '/run/docker',
        '/run/open',
        '/var/run/docker.sock',
        '/run/user/0/docker.sock',
      ],
    });
    expect(facts).toMatchObject({
      '/run/shut/x': { kind: 'unverifiable', why: 'Lockkeeper runs as user 65534 and may not look at /run/shut/x' },
      '/run/user/0': { kind: 'unverifiable', why: expect.stringContaining('/run/user/0/docker.sock') },
      '/run/docker': { kind: 'unverifiable' },
      '/run/open': ordinary,
      '/var/run/docker.sock': { kind: 'socket' },
      '/run/user/0/docker.sock': { kind: 'unverifiable' },
    });
  });

  it('names the socket that it sees before what it may not look at', () => {
    const facts = play({
      before: 'mount -t tmpfs t /mnt;',
      engine: '/mnt/docker.sock',
      sockets: ['/mnt/docker.sock', '/run/user/77/docker.sock'],
      after: 'chmod 700 /run/docker',
      user: 65534,
      sources: ['/run', '/run/docker'],
    });
    expect(facts).toMatchObject({
      '/run': exposes('/run/user/77/docker.sock'),
      '/run/docker': { kind: 'unverifiable' },
    });
  });
});

describe('sockets in the home folder', () => {
  it('are those of engines in virtual machines, each where it exists', () => {
    const home = temporaryFolder();
    const sockets = [
      '.docker/desktop/docker.sock',
      '.colima/default/docker.sock',
      '.orbstack/run/docker.sock',
      '.rd/docker.sock',
    ];
    const paths = sockets.map((path) => join(home, path));
    const facts = play({
      engine: '/run/docker.sock',
      sockets: ['/run/docker.sock', ...paths],
      before: `mkdir -p $HOME; mount --bind ${home} $HOME;`,
      sources: [...paths, home, join(home, '.docker'), join(home, '.lima')],
    });
    for (const path of paths) expect(facts[path], path).toMatchObject({ kind: 'socket' });
    expect(facts[home]).toMatchObject({ kind: 'exposes' });
    expect(facts[join(home, '.docker')]).toMatchObject({ kind: 'exposes' });
    expect(facts[join(home, '.lima')]).toEqual(ordinary);
  });
});

describe('an engine with mounts of its own', () => {
  const engine = '/run/user/4242/docker.sock';
  const scene = {
    before: 'mkdir -p /run/user/4242 /run/other; mount -t tmpfs t /mnt; mkdir -p /mnt/home/lk/sockets;',
    engine,
    engineMounts:
      'mkdir -p /mnt/host /mnt/x; mount -t tmpfs t /mnt/x; mkdir /mnt/x/run; mount --bind /run /mnt/x/run; mkdir /mnt/x/home; mount --bind /mnt/home /mnt/x/home',
    sockets: [],
    state: '/mnt/home/lk',
    sources: [
      '/mnt/x/run',
      '/mnt/x/run/user/4242/docker.sock',
      '/mnt/host',
      '/mnt/home',
      '/mnt/x/home',
      '/run/other',
      '/var',
    ],
  };

  it('is judged by what it sees as well', () => {
    expect(play(scene)).toEqual({
      '/mnt/x/run': exposes(engine),
      '/mnt/x/run/user/4242/docker.sock': { kind: 'socket', socket: engine },
      '/mnt/host': ordinary,
      '/mnt/home': { kind: 'holds-state', below: ['lk'] },
      '/mnt/x/home': { kind: 'holds-state', below: ['lk'] },
      '/run/other': ordinary,
      '/var': exposes('/var/run/docker.sock'),
    });
  });

  it('is told from one that sees what we see', () => {
    const facts = play({ ...scene, engineMounts: 'true', engineShares: true });
    expect(facts['/var']).toEqual(ordinary);
  });
});
