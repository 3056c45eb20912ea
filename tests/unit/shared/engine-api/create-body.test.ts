import { describe, expect, it } from 'vitest';
import { readCreateBody } from '../../../../shared/engine-api/create-body.ts';
import { readJson } from '../../../../shared/json/read-json.ts';
import { createRequest } from '../decision/ask.ts';

function mountsOf(body: object) {
  return createRequest(body).mounts.map(({ place: _place, ...mount }) => mount);
}

function problemOf(json: string): string {
  const read = readJson(new TextEncoder().encode(json));
  if (!read.ok || read.node.kind !== 'object') throw new Error('the test wrote no JSON object');
  const create = readCreateBody(read.node);
  return create.ok ? 'accepted' : create.problem;
}

describe('readCreateBody', () => {
  it('reads binds as the engine splits them', () => {
    expect(mountsOf({ HostConfig: { Binds: ['/a:/b:ro', 'data:/c', '/anonymous'] } })).toEqual([
      { kind: 'bind', field: 'Binds', source: '/a', target: '/b', isReadOnly: true },
      { kind: 'volume', field: 'Binds', source: 'data', target: '/c', isReadOnly: false },
    ]);
  });

  it('reads mounts, and takes a type that it does not know for a bind', () => {
    const Mounts = [
      { Type: 'bind', Source: '/a', Target: '/b', ReadOnly: true },
      { Type: 'tmpfs', Target: '/t' },
      { Type: 'image', Source: 'alpine', Target: '/i' },
      { Type: 'cluster', Source: '/x', Target: '/y' },
    ];
    expect(mountsOf({ HostConfig: { Mounts } })).toEqual([
      { kind: 'bind', field: 'Mounts', source: '/a', target: '/b', isReadOnly: true },
      { kind: 'bind', field: 'Mounts', source: '/x', target: '/y', isReadOnly: false },
    ]);
  });

  it('reads the options of a volume that is made with the mount', () => {
    const Options = { type: 'none', o: 'bind', device: '/var/run' };
    const mount = {
      Type: 'volume',
      Source: 'v',
      Target: '/v',
      VolumeOptions: { DriverConfig: { Name: 'local', Options } },
    };
    expect(mountsOf({ HostConfig: { Mounts: [mount] } })).toMatchObject([{ kind: 'volume', driverOptions: Options }]);
  });

  it('reads volumes-from, devices and the legacy fields beside HostConfig', () => {
    const body = {
      Binds: ['/legacy:/l'],
      HostConfig: { VolumesFrom: ['other:ro'], Devices: [{ PathOnHost: '/dev/x', PathInContainer: '/dev/y' }] },
    };
    expect(mountsOf(body)).toEqual([
      { kind: 'volumes-from', field: 'VolumesFrom', source: 'other', target: '', isReadOnly: true },
      { kind: 'device', field: 'Devices', source: '/dev/x', target: '/dev/y', isReadOnly: false },
      { kind: 'bind', field: 'Binds', source: '/legacy', target: '/l', isReadOnly: false },
    ]);
  });

  it.each(['{"HostConfig":{"Binds":null,"Mounts":null}}', '{"HostConfig":{"Binds":[],"Mounts":[]}}', '{}'])(
    'reads no mounts in %s',
    (json) => {
      expect(problemOf(json)).toBe('accepted');
      expect(mountsOf(JSON.parse(json))).toEqual([]);
    },
  );

  it.each([
    '{"hostconfig":{"Binds":["/x:/y"]}}',
    '{"HostConfig":{"binds":["/x:/y"]}}',
    '{"HostConfig":{"BINDS":[]}}',
    '{"Host\\u0043onfig":{"Bind\\u017f":[]}}',
    '{"HostConfig":{"Mount\\u017F":[]}}',
    '{"HostConfig":{"Mounts":[{"type":"bind"}]}}',
    '{"HostConfig":{"Mounts":[{"Type":"volume","VolumeOptions":{"driverconfig":{}}}]}}',
    '{"image":"x"}',
  ])('refuses a spelling that Go would fold: %s', (json) => {
    expect(problemOf(json)).not.toBe('accepted');
  });

  it.each([
    '{"HostConfig":[]}',
    '{"HostConfig":{"Binds":"/x:/y"}}',
    '{"HostConfig":{"Binds":[1]}}',
    '{"HostConfig":{"Mounts":{}}}',
    '{"HostConfig":{"Mounts":["/x"]}}',
  ])('refuses a type that the engine would refuse: %s', (json) => {
    expect(problemOf(json)).not.toBe('accepted');
  });

  it.each([
    '{"HostConfig":{"Ulimits":[{"Name":"nofile"},null]}}',
    '{"Ulimits":[null]}',
    '{"HostConfig":{"BlkioDeviceReadIOps":[null]}}',
  ])('refuses a null where the engine needs an object: %s', (json) => {
    expect(problemOf(json)).toContain('must hold objects, not null');
  });
});
