import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { http2Connection, identifyOperation, operationIds } from '../../../../shared/engine-api/operation.ts';
import { type Route, routes } from '../../../../shared/engine-api/routes.ts';
import { parseRequestTarget, type RequestTarget } from '../../../../shared/http/request-target.ts';
import { checkRoute } from '../../../fuzz/targets/request-line.ts';
import { processorTime } from '../../processor-time.ts';

function read(text: string): RequestTarget {
  const parsed = parseRequestTarget(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.target;
}

function raw(path: string): RequestTarget {
  return { version: '1.43', path, query: [], rawPath: path, rawQuery: undefined };
}

function identify(line: string) {
  const [method = '', target = ''] = line.split(' ');
  return identifyOperation(method, read(target));
}

const rows: readonly Route[] = routes;

describe('identifyOperation', () => {
  it.each([
    ['GET /v1.43/containers/json?all=1', 'ContainerList', {}],
    ['GET /containers/json', 'ContainerList', {}],
    ['POST /v1.43/containers/create?name=create', 'ContainerCreate', {}],
    ['POST /v1.43/containers/create/start', 'ContainerStart', { name: 'create' }],
    ['GET /v1.43/containers/a/attach/ws', 'ContainerAttachWebSocket', { name: 'a' }],
    ['POST /v1.43/images/create/push', 'ImagePush', { name: 'create' }],
    ['POST /v1.43/images/reg%3A5000%2Fteam%2Fapp/push?tag=1', 'ImagePush', { name: 'reg:5000/team/app' }],
    ['POST /v1.43/images/a/%70ush', 'ImagePush', { name: 'a' }],
    ['POST /v1.43/images/a%2Fpush', 'ImagePush', { name: 'a' }],
    ['GET /v1.43/images/json/json', 'ImageInspect', { name: 'json' }],
    ['GET /v1.43/images/a/get/json', 'ImageInspect', { name: 'a/get' }],
    ['GET /v1.43/images/json/get', 'ImageGet', { name: 'json' }],
    ['GET /v1.43/images/get', 'ImageGetAll', {}],
    ['DELETE /v1.43/containers/a/checkpoints/c', 'CheckpointDelete', { name: 'a', checkpoint: 'c' }],
    ['DELETE /v1.43/containers/a/checkpoints/b/c', 'ContainerDelete', { name: 'a/checkpoints/b/c' }],
    ['DELETE /v1.43/containers/', 'ContainerDelete', { name: '' }],
    ['GET /v1.43/networks/', 'NetworkList', {}],
    ['GET /v1.43/networks/a', 'NetworkInspect', { id: 'a' }],
    ['POST /v1.43/plugins/reg:1/a/push', 'PluginPush', { name: 'reg:1/a' }],
    ['GET /v1.43/debug/pprof/heap', 'DebugProfile', { name: 'heap' }],
    ['OPTIONS /v1.43/anything/at/all', 'Options', { anyroute: 'anything/at/all' }],
    ['HEAD /_ping', 'SystemPingHead', {}],
  ])('%s is %s', (line, id, params) => {
    const operation = identify(line);
    expect(operation.id).toBe(id);
    expect(operation.params).toEqual(params);
  });

  it.each([
    'HEAD /v1.43/containers/json',
    'get /v1.43/containers/json',
    'GET /v1.43/Containers/json',
    'GET /v1.43/containers/json/',
    'POST /v1.43/containers/a/start/',
    'POST /v1.43/build/',
    'POST /v1.43/buildx',
    'GET /v1.43/services/a/b',
    'GET /v1.43/nodes/',
    'PRI /v1.43/grpc',
    'GET /v1.43/grpc',
    'POST /x/v1.43/grpc',
    'GET /v1.43/infos',
    'GET /v1.43/xinfo',
    'GET /',
    'POST /libpod/containers/create',
  ])('%s is no operation that is known', (line) => {
    expect(identify(line)).toMatchObject({ id: 'Unknown', hijacks: false, params: {} });
  });

  it.each([
    ['?fromImage=alpine&tag=3', 'ImagePull'],
    ['?fromImage=alpine&fromSrc=-', 'ImagePull'],
    ['?fromSrc=-&repo=a', 'ImageImport'],
    ['?fromImage=&fromSrc=-', 'ImageImport'],
    ['?fromImage=&fromImage=alpine', 'ImageImport'],
    ['?%66romImage=alpine', 'ImagePull'],
    ['?fromimage=alpine', 'ImageImport'],
    ['', 'ImageImport'],
  ])('POST /images/create%s is %s', (query, id) => {
    expect(identify(`POST /v1.43/images/create${query}`).id).toBe(id);
  });

  it.each([
    ['', 'ImageBuild'],
    ['?version=1', 'ImageBuild'],
    ['?version=', 'ImageBuild'],
    ['?Version=2', 'ImageBuild'],
    ['?version=2', 'ImageBuildWithBuildKit'],
    ['?t=a&version=%32', 'ImageBuildWithBuildKit'],
    ['?version=1&version=2', 'ImageBuildWithBuildKit'],
    ['?version=3', 'ImageBuildWithBuildKit'],
  ])('POST /build%s is %s', (query, id) => {
    expect(identify(`POST /v1.43/build${query}`).id).toBe(id);
  });

  it('says which operations take the connection over', () => {
    expect(identify('POST /v1.43/exec/abc/start').hijacks).toBe(true);
    expect(identify('POST /v1.43/containers/abc/start').hijacks).toBe(false);
    expect(http2Connection.hijacks).toBe(true);
  });

  it('lets a variable hold what Go’s dot matches, and not a line feed', () => {
    for (const name of ['a\rb', 'a\u2028b', 'a\u2029b', '\u{1f40b}']) {
      expect(identifyOperation('POST', raw(`/images/${name}/push`))).toMatchObject({
        id: 'ImagePush',
        params: { name },
      });
    }
    expect(identifyOperation('POST', raw('/images/a\nb/push')).id).toBe('Unknown');
  });

  it('does not confuse names with properties of objects', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(identify(`GET /v1.43/containers/${name}/json`).params).toEqual({ name });
      expect(identifyOperation(name, raw('/info')).id).toBe('Unknown');
    }
  });

  it('takes time in proportion to the path', () => {
    const taken = processorTime(() => {
      for (const filler of ['/json', '/checkpoints', 'a/', '/']) {
        const name = filler.repeat(Math.ceil(1_000_000 / filler.length));
        expect(identifyOperation('POST', raw(`/containers/${name}!`)).id).toBe('Unknown');
        expect(identifyOperation('POST', raw(`/containers/${name}/start`)).id).toBe('ContainerStart');
        expect(identifyOperation('DELETE', raw(`/containers/${name}/checkpoints/${name}`)).id).toBe('ContainerDelete');
      }
    });
    expect(taken).toBeLessThan(2000);
  });

  it('finds for every route the first that matches its own example, as the engine does', () => {
    const name = fc.stringMatching(/^[a-z0-9/:.@-]{1,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...rows), name, ({ method, pattern }, text) => {
        const path = pattern.replace(/\{[^}]+\}/g, text);
        checkRoute(method, raw(path));
      }),
    );
  });

  it('answers any method and path with a known operation', () => {
    const method = fc.oneof(fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS'), fc.string());
    fc.assert(
      fc.property(method, fc.string(), (verb, path) => {
        expect(operationIds).toContain(identifyOperation(verb, raw(`/${path}`)).id);
      }),
    );
  });
});
