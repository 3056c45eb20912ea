import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../../shared/commands/command-table.ts';
import { refusedCommands } from '../../../../shared/commands/refused-commands.ts';
import { operationIds, operationsUnder } from '../../../../shared/engine-api/operation.ts';
import { type Route, routes } from '../../../../shared/engine-api/routes.ts';

const fixture = readFileSync(new URL('api-1.56-routes.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const rows: readonly Route[] = routes;

describe('routes', () => {
  it('are those of API 1.56, in the order in which the engine tries them', () => {
    expect(rows.map(({ method, pattern }) => `${method} ${pattern}`)).toEqual(fixture);
  });

  it('have an ID of their own, but for the twin of /networks', () => {
    const ids = rows.map(({ id }) => id);
    const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
    expect(repeated).toEqual(['NetworkList']);
  });

  it('hijack exactly where the engine takes the connection over', () => {
    const hijacking = rows
      .filter(({ hijacks }) => hijacks === true)
      .map(({ method, pattern }) => `${method} ${pattern}`);
    expect(hijacking.sort()).toEqual([
      'GET /containers/{name:.*}/attach/ws',
      'POST /containers/{name:.*}/attach',
      'POST /exec/{name:.*}/start',
      'POST /grpc',
      'POST /session',
    ]);
  });

  it('name a command that uses them, or say that there is none', () => {
    for (const { id, usedBy, note } of rows) {
      if (usedBy.length === 0) expect(note, id).toBeDefined();
    }
    const unused = rows.filter(({ usedBy }) => usedBy.length === 0).map(({ id }) => id);
    expect(unused).toEqual([
      'Options',
      'SystemPing',
      'SystemPingHead',
      'DebugVars',
      'DebugProfileIndex',
      'DebugProfileCommandLine',
      'DebugProfileCpu',
      'DebugProfileSymbol',
      'DebugProfileTrace',
      'DebugProfile',
    ]);
  });

  it.each(rows.map((route) => [`${route.method} ${route.pattern}`, route] as const))(
    '%s is used by the commands that the command table says',
    (_, { id, usedBy }) => {
      const variants: Record<string, readonly string[]> = {
        ImageCreate: ['ImagePull', 'ImageImport'],
        ImageBuild: ['ImageBuild', 'ImageBuildWithBuildKit'],
      };
      const operations = variants[id] ?? [id];
      const users = [
        ...commands.filter(({ needed }) => needed.some(({ op }) => operations.includes(op))),
        ...refusedCommands.filter((row) => [...row.uses, ...row.usesAtTimes].some((op) => operations.includes(op))),
      ].map(({ name }) => name);
      expect([...usedBy].sort()).toEqual(users.sort());
    },
  );
});

describe('operationIds', () => {
  it('has every operation once, and each is reached by a route, the HTTP/2 preface or by matching none', () => {
    expect(new Set(operationIds).size).toBe(operationIds.length);
    const roots = new Set(rows.map(({ pattern }) => `/${pattern.split('/')[1]}`));
    const reached = new Set([...roots].flatMap(operationsUnder));
    expect(operationIds.filter((id) => !reached.has(id)).sort()).toEqual(['GrpcOverHttp2', 'Unknown']);
  });
});
