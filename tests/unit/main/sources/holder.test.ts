import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type EngineContainer,
  EngineError,
  type EngineMount,
  type EngineVolume,
} from '../../../../main/engine/engine-client.ts';
import { inspectHolder } from '../../../../main/sources/holder.ts';
import { KEY, type Stage, setStage } from './stage.ts';

const ID = 'c0ffee';
const TARGETS = ['/var/run/docker.sock'];

/** What the container holds, with volumes and records as given. */
function held(
  stage: Stage,
  mounts: readonly Partial<EngineMount>[],
  given: {
    volumes?: Record<string, EngineVolume | Error>;
    keyOf?: Record<string, string>;
    tmpfs?: readonly string[];
  } = {},
) {
  const container: EngineContainer = {
    id: ID,
    name: 'c',
    image: 'busybox',
    imageId: 'sha256:0',
    mounts: mounts.map((mount) => ({
      type: 'bind',
      name: '',
      source: '',
      target: '/target',
      isWritable: true,
      ...mount,
    })),
    tmpfs: given.tmpfs ?? [],
    networks: [],
    hostConfig: {},
  };
  const engine = {
    async volume(name: string) {
      const volume = given.volumes?.[name];
      if (volume instanceof Error) throw volume;
      return volume;
    },
  };
  const deliveredTo = (id: string) => {
    const key = given.keyOf?.[id];
    return key === undefined ? undefined : { key, targets: TARGETS };
  };
  return inspectHolder(container, stage.survey(), { engine, socketsFolder: stage.sockets, deliveredTo });
}

describe('a container', () => {
  it('holds nothing with ordinary mounts', async () => {
    const stage = await setStage();
    const volumes = { data: { driver: 'local', options: {} } };
    const mounts = [
      { source: '/etc' },
      { type: 'volume', name: 'data', source: '/var/lib/docker/volumes/data/_data' },
      { type: 'volume', name: 'gone' },
      { type: 'tmpfs', source: '' },
    ];
    expect(await held(stage, mounts, { volumes })).toEqual({ kind: 'nothing' });
    expect(await held(stage, [])).toEqual({ kind: 'nothing' });
  });

  it.each([
    ['the socket', (stage: Stage) => stage.engine],
    ['the host gate', (stage: Stage) => stage.hostGate],
    ['a folder above', (stage: Stage) => dirname(stage.engine)],
    ['our state', (stage: Stage) => stage.state],
  ])('holds the engine raw with %s', async (_what, source) => {
    const stage = await setStage();
    const mounts = [{ source: '/etc' }, { source: source(stage) }];
    expect(await held(stage, mounts)).toMatchObject({ kind: 'raw', source: source(stage) });
  });

  it('holds the engine raw through a volume, whoever drives it', async () => {
    const stage = await setStage();
    const device = stage.at('engine');
    const volumes = {
      local: { driver: 'local', options: { type: 'none', o: 'bind', device } },
      other: { driver: 'local-persist', options: { mountpoint: device } },
    };
    const local = await held(
      stage,
      [{ type: 'volume', name: 'local', source: '/var/lib/docker/volumes/local/_data' }],
      { volumes },
    );
    expect(local).toMatchObject({ kind: 'raw', source: `${device} (volume "local")` });
    const other = await held(stage, [{ type: 'volume', name: 'other', source: device }], { volumes });
    expect(other).toMatchObject({ kind: 'raw', source: `${device} (volume "other")` });
  });

  it('holds its own filtered socket, by the record of its ID', async () => {
    const stage = await setStage();
    for (const source of [stage.delivered, join(stage.delivered, 'docker.sock')]) {
      expect(await held(stage, [{ source }], { keyOf: { [ID]: KEY } })).toEqual({
        kind: 'filtered-socket',
        targets: TARGETS,
      });
    }
  });

  it.each([
    ['of nobody', {}],
    ['of another container', { other: KEY }],
    ['of another container while it has one of its own', { other: KEY, [ID]: 'ffffffffffffffff' }],
  ])('holds a filtered socket %s as if it were raw', async (_whose, keyOf: Record<string, string>) => {
    const stage = await setStage();
    const fact = await held(stage, [{ source: stage.delivered }], { keyOf });
    expect(fact).toMatchObject({
      kind: 'raw',
      source: `${stage.delivered} (the filtered socket of another container)`,
    });
  });

  it('that holds both a raw and a filtered socket holds a raw one', async () => {
    const stage = await setStage();
    const mounts = [{ source: stage.delivered }, { source: stage.engine }];
    expect(await held(stage, mounts, { keyOf: { [ID]: KEY } })).toMatchObject({ kind: 'raw', source: stage.engine });
  });

  it('may have our state below a folder when something lies over it', async () => {
    const stage = await setStage();
    const home = { source: stage.at('home', 'u'), target: '/work' };
    const cover = { source: join(stage.state, 'empty'), target: '/work/.local/state/lk' };
    expect(await held(stage, [home, cover])).toEqual({ kind: 'nothing' });
    expect(await held(stage, [home], { tmpfs: ['/work/.local'] })).toEqual({ kind: 'nothing' });
    expect(await held(stage, [home])).toMatchObject({ kind: 'raw', source: home.source });
    expect(await held(stage, [home, { ...cover, target: '/work/.local/state/lk/sockets' }])).toMatchObject({
      kind: 'raw',
    });
    expect(await held(stage, [home, { ...cover, target: '/' }])).toMatchObject({ kind: 'raw' });
  });

  it('cannot be judged when a mount cannot', async () => {
    const stage = await setStage();
    const volumes = { lost: new EngineError(500, 'no such driver') };
    const lost = await held(stage, [{ type: 'volume', name: 'lost' }], { volumes });
    expect(lost).toEqual({
      kind: 'unverifiable',
      why: 'the engine did not tell what volume "lost" is: no such driver',
    });
    const unseen = await held(stage, [{ source: stage.delivered }, { source: '/proc/self/cwd' }], {
      keyOf: { [ID]: KEY },
    });
    expect(unseen).toMatchObject({ kind: 'unverifiable', why: expect.stringMatching(/^\/proc\/self\/cwd: /) });
  });
});
