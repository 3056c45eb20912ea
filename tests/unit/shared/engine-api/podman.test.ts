import { describe, expect, it } from 'vitest';
import { readCreateBody } from '../../../../shared/engine-api/create-body.ts';
import { isPodmanChange } from '../../../../shared/engine-api/podman.ts';
import { objectOf } from '../escape/read.ts';

function problemOf(body: object): string {
  const read = readCreateBody(objectOf(body));
  return read.ok ? 'accepted' : read.problem;
}

const mount = (fields: object) => ({
  HostConfig: { Mounts: [{ Type: 'bind', Source: '/a', Target: '/b', ...fields }] },
});
const bind = (...Binds: readonly string[]) => ({ HostConfig: { Binds } });

describe("what Podman reads otherwise in Docker's create", () => {
  it.each([
    ['Volumes would be a bind', { Volumes: { '/run/docker.sock:/x': {} } }],
    ['Volumes would be a bind', { volumes: undefined, Volumes: { 'data:/x': {} } }],
    ['a relative source', bind('./a:/x')],
    ['a relative source', bind('../../run/docker.sock:/x:ro')],
    ['a relative source', { Binds: ['..:/x'] }],
    ['an option with a value', bind('/a:/x:O,upperdir=/run,workdir=/w')],
    ['another field', mount({ Source: '/a,source=/run/docker.sock' })],
    ['another field', mount({ Target: '/b,src=/run/docker.sock' })],
    ['another field', mount({ Target: '/b, src =/run/docker.sock' })],
    ['another field', mount({ Type: 'volume,volume-opt=o=bind' })],
    ['another field', mount({ Consistency: 'cached,source=/run' })],
    ['another field', mount({ BindOptions: { Propagation: 'rprivate,source=/run' } })],
    ['another field', mount({ VolumeOptions: { Subpath: 'a,volume-opt=device=/run' } })],
  ])('refuses %s', (problem, body) => {
    expect(problemOf(body)).toContain(problem);
  });

  it.each([
    { Volumes: { '/x': {} } },
    bind('/a:/x:ro,z', 'data.1:/x', '/anonymous'),
    mount({ Source: '/home/ada/Papers, 2024' }),
    mount({ Source: '/srv/a=b,c' }),
    mount({ Type: 'volume', VolumeOptions: { DriverConfig: { Options: { o: 'addr=1.2.3.4,rw,nfsvers=4' } } } }),
  ])('accepts %j', (body) => {
    expect(problemOf(body)).toBe('accepted');
  });
});

describe("Podman's own API", () => {
  it.each([
    ['POST', '/libpod/containers/create', true],
    ['PUT', '/libpod/containers/a/archive', true],
    ['DELETE', '/libpod/pods/a', true],
    ['GET', '/libpod/info', false],
    ['HEAD', '/libpod/_ping', false],
    ['POST', '/containers/create', false],
  ])('%s %s', (method, path, isChange) => {
    expect(isPodmanChange(method, path)).toBe(isChange);
  });
});
