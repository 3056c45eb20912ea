import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { SourceFact } from '../../../../shared/decision/facts.ts';
import type { NamespaceScene } from './inspect-in-namespace.ts';
import { temporaryFolder } from './stage.ts';

const SCRIPT = fileURLToPath(new URL('inspect-in-namespace.ts', import.meta.url));

type Scene = Omit<NamespaceScene, 'before' | 'after' | 'state'> & Partial<NamespaceScene>;

/** Plays a scene with real mounts, in a mount namespace where /run and /var/run are the scene's own. */
function play(scene: Scene): Record<string, SourceFact> {
  const folder = temporaryFolder();
  const own = 'mount -t tmpfs -o mode=755 scene /run; mkdir -p /run/docker /run/containerd;';
  const full: NamespaceScene = {
    after: '',
    state: join(folder, 'state'),
    ...scene,
    before: `${own} mkdir -p ${folder}/state/sockets; ${scene.before ?? ''}`,
  };
  const argv = ['--mount', '--propagation', 'private', process.execPath, '--import', 'tsx', SCRIPT];
  const env = { PATH: process.env.PATH, HOME: join(folder, 'home') };
  const output = execFileSync('unshare', [...argv, JSON.stringify(full)], { encoding: 'utf8', env });
  return JSON.parse(output) as Record<string, SourceFact>;
}

const ordinary = { kind: 'ordinary' };
const exposes = (socket: string) => ({ kind: 'exposes', socket });

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
