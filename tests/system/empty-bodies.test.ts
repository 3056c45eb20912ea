import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, startLockkeeper } from './running.ts';

/**
 * Bodies with nothing where something is looked for (a filter of this field once ended by an empty array), and bodies that
 * are no JSON: an answer, the engine's own where it is let through, and everything works afterwards.
 */
const lab = attachLab(inject('lab'));
let keeper: Running;

beforeAll(async () => {
  await lab.dockerOutput(['pull', '-q', 'alpine']);
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
});
afterAll(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'ancestor=alpine', '--filter', 'status=created']);
  await lab.dockerOutput(['rm', ...ids.split(/\s+/)]);
  await keeper.stop();
});

const CREATE = '/v1.41/containers/create';
const listening = () => ({ hostGate: keeper.hostGate, standing: keeper.standing.replace('unix://', '') });
const send = (socket: string, body: string) =>
  request(socket, CREATE, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

const EMPTY_HOST_CONFIGS = [
  'null',
  '{}',
  ...[
    'Binds',
    'Mounts',
    'VolumesFrom',
    'Devices',
    'DeviceRequests',
    'Links',
    'CapAdd',
    'SecurityOpt',
    'Ulimits',
  ].flatMap((key) => [`{"${key}":null}`, `{"${key}":[]}`]),
  ...['Binds', 'VolumesFrom', 'Links', 'CapAdd', 'SecurityOpt'].map((key) => `{"${key}":[""]}`),
  '{"DeviceRequests":[{}]}',
  ...['PortBindings', 'Tmpfs', 'LogConfig', 'RestartPolicy', 'Annotations'].flatMap((key) => [
    `{"${key}":null}`,
    `{"${key}":{}}`,
  ]),
  '{"Mounts":[{"Type":"volume","Target":"/x","VolumeOptions":null}]}',
  '{"Mounts":[{"Type":"volume","Target":"/x","VolumeOptions":{"DriverConfig":{}}}]}',
  '{"PortBindings":{"80/tcp":null}}',
  '{"PortBindings":{"80/tcp":[]}}',
  '{"PortBindings":{"":[{}]}}',
  '{"LogConfig":{"Type":"","Config":null}}',
  '{"NetworkMode":"","IpcMode":"","PidMode":"","UTSMode":"","UsernsMode":"","CgroupnsMode":""}',
];
const EMPTY_BODIES = [
  ...EMPTY_HOST_CONFIGS.map((config) => `{"Image":"alpine","HostConfig":${config}}`),
  ...['Env', 'Cmd', 'Entrypoint', 'Volumes', 'ExposedPorts', 'Labels', 'NetworkingConfig', 'Healthcheck'].map(
    (key) => `{"Image":"alpine","${key}":null}`,
  ),
  '{"Image":"alpine","Volumes":{"":null}}',
  '{"Image":"alpine","NetworkingConfig":{"EndpointsConfig":null}}',
  '{"Image":"alpine","NetworkingConfig":{"EndpointsConfig":{"":null}}}',
  '{"Image":""}',
  '{"Image":null}',
  '{}',
];

it.each(EMPTY_BODIES)('passes %s as the engine answers it', async (body) => {
  const direct = await send(lab.engineSocket, body);
  const through = await send(listening().hostGate, body);
  expect([through.status, said(through.body)]).toEqual([direct.status, said(direct.body)]);
});

/** Docker takes no source that is empty, or takes it for none; another engine may read it from where it stands. */
const EMPTY_SOURCES = ['{"Mounts":[{}]}', '{"Devices":[{}]}', '{"Mounts":[{"Type":"bind","Source":"","Target":"/x"}]}'];

it.each(EMPTY_SOURCES)('refuses the source of %s in words', async (config) => {
  const { status, body } = await send(listening().hostGate, `{"Image":"alpine","HostConfig":${config}}`);
  expect([status, body]).toEqual([403, expect.stringContaining('a source of \\"\\": it is not an absolute path')]);
});

const POINTERS = ['Ulimits', 'BlkioWeightDevice', 'BlkioDeviceReadBps', 'BlkioDeviceWriteIOps'];

it.each(POINTERS)('keeps a null in %s from the engine, which it would cost the container', async (name) => {
  for (const socket of Object.values(listening())) {
    const { status, body } = await send(socket, `{"Image":"alpine","HostConfig":{"${name}":[null]}}`);
    expect([status, body]).toEqual([400, expect.stringContaining(`${name} must hold objects, not null`)]);
  }
});

it.each(EMPTY_BODIES)('refuses %s on a filtered socket, or passes it as the engine answers it', async (body) => {
  const direct = await send(lab.engineSocket, body);
  const through = await send(listening().standing, body);
  const isRefused = through.status === 403 && through.body.includes('enhanced container isolation: ');
  if (!isRefused) expect([through.status, said(through.body)]).toEqual([direct.status, said(direct.body)]);
  expect((await request(listening().standing, '/_ping')).body).toBe('OK');
});

const NO_JSON = [
  '',
  ' ',
  '[]',
  '[[]]',
  'null',
  '""',
  '0',
  '{',
  '{"',
  '{"Image":',
  '{"Image":"alpine"}}',
  '}',
  '\u0000',
  '{]',
];

it.each(NO_JSON)('answers a client error to %j on every socket, and goes on', async (body) => {
  for (const socket of Object.values(listening())) {
    expect((await send(socket, body)).status).toBe(400);
    expect((await request(socket, '/_ping')).body).toBe('OK');
  }
});

/** What an answer says, without the IDs of what was created. */
function said(body: string): unknown {
  const { Id, ...rest } = JSON.parse(body) as { readonly Id?: string };
  return { ...rest, hasId: Id !== undefined };
}
