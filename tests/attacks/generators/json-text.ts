import fc from 'fast-check';
import { inspect } from '../ask-engine/evidence.ts';
import type { Attack } from '../attack.ts';
import { create } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';

/** Another spelling of a key that Go takes for the same. */
const spellings: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => key.toLowerCase(),
  (key) => key.toUpperCase(),
  (key) => key.replaceAll('s', '\u017f'),
  (key) => `\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}`,
];

const spelling = fc.constantFrom(...spellings);

/** A member of HostConfig: the bind, one that is harmless, or nothing at all. */
const member = fc.record({
  spelling,
  content: fc.constantFrom('bind', 'bind', 'mount', 'mount', 'harmless-bind', 'harmless-mount', 'null', 'empty'),
});

const body = fc.record({
  levels: fc.array(
    fc.record({ spelling, isNull: fc.boolean(), members: fc.array(member, { minLength: 1, maxLength: 3 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
  noise: fc.array(fc.json({ maxDepth: 3 }), { maxLength: 3 }),
  space: fc.constantFrom('', ' ', '\n\t', ' '.repeat(70_000)),
  tail: fc.constantFrom('', '\n', '{}', '[', '{"HostConfig":{}}'),
});

type Body = typeof body extends fc.Arbitrary<infer Value> ? Value : never;
type Content = 'bind' | 'mount' | 'harmless-bind' | 'harmless-mount' | 'null' | 'empty';

function hostMember(spell: (key: string) => string, content: string, socket: string): string {
  const of = (key: string, value: string): string => `"${spell(key)}":${value}`;
  switch (content as Content) {
    case 'bind':
      return of('Binds', `["${socket}:/x"]`);
    case 'mount':
      return of('Mounts', `[{"${spell('Type')}":"bind","${spell('Source')}":"${socket}","${spell('Target')}":"/y"}]`);
    case 'harmless-bind':
      return of('Binds', '["/tmp/lk-attack-harmless:/x"]');
    case 'harmless-mount':
      return of('Mounts', '[{"Type":"tmpfs","Target":"/y"}]');
    case 'null':
      return of('Binds', 'null');
    case 'empty':
      return of('Mounts', '[]');
  }
}

function textOf(run: Run, { levels, noise, space, tail }: Body): string {
  const noises = noise.map((value, at) => `"noise${at}":${value}`);
  const hosts = levels.map(({ spelling: spell, isNull, members }) => {
    const inside = members.map((one) => hostMember(one.spelling, one.content, run.engine.socket)).join(`,${space}`);
    return `"${spell('HostConfig')}":${isNull ? 'null' : `{${inside}}`}`;
  });
  return `{"Image":"${run.stage.image}","Cmd":["/bin/busybox"],${space}${[...noises, ...hosts].join(',')}}${tail}`;
}

export const jsonTexts: fc.Arbitrary<Attack> = body.map((made) => ({
  id: 'generated',
  title: `a body of ${made.levels.length} levels: ${JSON.stringify(made.levels.map(({ members }) => members.map(({ content }) => content)))}`,
  attempt: (door, run) => door.send(create(run, textOf(run, made))),
  happened: async (run) => (await inspect(run))?.Mounts.some(({ Source }) => Source === run.engine.socket) ?? false,
}));
