import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rewriteCreate } from '../../../../shared/engine-api/rewrite-create.ts';
import { createRequestOf } from '../decision/ask.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const folder = '/state/sockets/1:/.lockkeeper:ro';

/** Takes out every mount whose source is the socket and adds the folder. */
function rewrite(json: string): string {
  const request = createRequestOf(json);
  const remove = request.mounts.filter(({ source }) => source === '/sock');
  return new TextDecoder().decode(rewriteCreate(bytes(json), request, { remove, addBinds: [folder] }));
}

describe('rewriteCreate', () => {
  it.each([
    ['a bind', '{"HostConfig":{"Binds":["/sock:/s"]}}', `{"HostConfig":{"Binds":["${folder}"]}}`],
    [
      'a bind among others',
      '{"HostConfig":{"Binds":["/a:/a", "/sock:/s","/b:/b"]}}',
      `{"HostConfig":{"Binds":["/a:/a","/b:/b","${folder}"]}}`,
    ],
    [
      'a mount, which becomes a bind',
      '{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/sock","Target":"/s"}]}}',
      `{"HostConfig":{"Mounts":[],"Binds":["${folder}"]}}`,
    ],
    [
      'a mount beside null binds',
      '{"HostConfig":{"Binds":null,"Mounts":[{"Type":"bind","Source":"/sock","Target":"/s"}]}}',
      `{"HostConfig":{"Binds":["${folder}"],"Mounts":[]}}`,
    ],
    ['the legacy form without HostConfig', '{"Image":"x","Binds":["/sock:/s"]}', `{"Image":"x","Binds":["${folder}"]}`],
    [
      'both levels',
      '{"Binds":["/sock:/s"],"HostConfig":{"Binds":["/sock:/s"]}}',
      `{"Binds":[],"HostConfig":{"Binds":["${folder}"]}}`,
    ],
    ['a HostConfig of null', '{"HostConfig":null,"Binds":["/sock:/s"]}', `{"HostConfig":null,"Binds":["${folder}"]}`],
  ])('replaces %s', (_what, before, after) => {
    expect(rewrite(before)).toBe(after);
  });

  it('keeps every other byte, numbers beyond 2^53 included', () => {
    const json = '{ "HostConfig" : {"Memory": 9223372036854775807 ,"Binds":["/sock:/s" ] , "Future":[1e400]} }';
    const rewritten = rewrite(json);
    expect(rewritten).toContain('"Memory": 9223372036854775807 ,');
    expect(rewritten).toContain('"Future":[1e400]');
  });

  it('leaves exactly the other mounts, whatever the order (property)', () => {
    const source = fc.constantFrom('/sock', '/a', '/b', 'volume');
    fc.assert(
      fc.property(fc.array(source), fc.array(source), (binds, mounts) => {
        const body = {
          HostConfig: {
            Binds: binds.map((from) => `${from}:/t`),
            Mounts: mounts.map((Source) => ({ Type: Source === 'volume' ? 'volume' : 'bind', Source, Target: '/t' })),
          },
        };
        const { HostConfig } = JSON.parse(rewrite(JSON.stringify(body)));
        expect(HostConfig.Binds).toEqual([
          ...body.HostConfig.Binds.filter((bind) => !bind.startsWith('/sock')),
          folder,
        ]);
        expect(HostConfig.Mounts).toEqual(body.HostConfig.Mounts.filter(({ Source }) => Source !== '/sock'));
      }),
    );
  });
});
