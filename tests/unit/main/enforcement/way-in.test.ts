import { describe, expect, it } from 'vitest';
import { findListener, type WaysIn } from '../../../../main/enforcement/way-in.ts';
import { EngineError } from '../../../../main/engine/engine-client.ts';

const holderOf = (key: string, containerId: string) => ({
  key,
  containerId,
  image: 'docker:cli',
  imageId: 'sha256:1',
  entry: 'docker:cli',
  targets: ['/var/run/docker.sock'],
});
const one = holderOf('0000000000000001', 'aaaa1111');
const two = holderOf('0000000000000002', 'aaaa2222');

const ways = {
  hostGate: '/run/lockkeeper/docker.sock',
  standingSockets: ['/run/ci.sock'],
  socketsFolder: '/state/sockets',
  holders: () => [one, two] as ReturnType<WaysIn['holders']>,
  engine: {
    container: async (name: string) => (name === 'web' ? ({ id: 'aaaa1111' } as never) : undefined),
  },
};
const away = { ...ways, engine: { container: () => Promise.reject(new EngineError(undefined, 'away')) } };

describe('findListener', () => {
  it.each([
    [{ kind: 'host' }, { kind: 'host-gate' }],
    [{ kind: 'filtered' }, { kind: 'standing-socket' }],
    [
      { kind: 'container', name: 'web' },
      { kind: 'container-socket', holder: one },
    ],
    [
      { kind: 'socket', path: '/run/ci.sock' },
      { kind: 'standing-socket', path: '/run/ci.sock' },
    ],
    [
      { kind: 'socket', path: '/run/../run/ci.sock' },
      { kind: 'standing-socket', path: '/run/ci.sock' },
    ],
    [{ kind: 'socket', path: '/run/lockkeeper/docker.sock' }, { kind: 'host-gate' }],
    [
      { kind: 'socket', path: `/state/sockets/${two.key}/docker.sock` },
      { kind: 'container-socket', holder: two },
    ],
  ] as const)('finds what %j means', async (from, listener) => {
    expect(await findListener(ways, from)).toMatchObject({ ok: true, listener });
  });

  it.each([
    [ways, { kind: 'container', name: 'nobody' }, 'no container "nobody" has a filtered socket'],
    [
      ways,
      { kind: 'socket', path: '/x.sock' },
      '/x.sock is no standing socket of the running Lockkeeper: it serves /run/ci.sock',
    ],
    [{ ...ways, standingSockets: [] }, { kind: 'socket', path: '/x.sock' }, 'it serves none'],
    [away, { kind: 'container', name: 'aaaa' }, 'several'],
    [away, { kind: 'container', name: 'aaa' }, 'no container "aaa"'],
  ] as const)('says why there is none: %#', async (among, from, words) => {
    const found = await findListener(among, from);
    expect(found.ok ? 'found' : found.message).toContain(words);
  });

  it('goes by recorded IDs when the engine is away', async () => {
    expect(await findListener(away, { kind: 'container', name: 'aaaa2' })).toMatchObject({
      ok: true,
      listener: { holder: two },
    });
  });

  it('takes a path for a standing socket where nobody knows which there are, and says so', async () => {
    const found = await findListener({ ...ways, standingSockets: undefined }, { kind: 'socket', path: '/x.sock' });
    expect(found).toMatchObject({
      ok: true,
      listener: { kind: 'standing-socket' },
      note: expect.stringContaining('/x.sock'),
    });
  });
});
