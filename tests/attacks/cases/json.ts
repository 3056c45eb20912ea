import type { Attack, AttackClass } from '../attack.ts';
import { creating } from '../build-attack/container-attacks.ts';
import { either, MALFORMED, MOUNT, wayOut } from '../build-attack/reasons.ts';
import type { Run } from '../stage/run.ts';

const refusal = either(MALFORMED, MOUNT, wayOut('bind-outside', 'host-network', 'unknown-fields'));

/** A body of these members, and of what every body has. */
const body = (run: Run, ...members: readonly string[]): string =>
  `{"Image":${JSON.stringify(run.stage.image)},"Cmd":["/bin/busybox"],${members.join(',')}}`;
const bind = (run: Run): string => JSON.stringify(`${run.engine.socket}:/x`);
const binds = (run: Run): string => `"HostConfig":{"Binds":[${bind(run)}]}`;

/** The engine's socket is bound by whatever the engine makes of the text. */
function spelling(described: Pick<Attack, 'id' | 'title' | 'quick'>, text: (run: Run) => string | Uint8Array): Attack {
  return creating({
    ...described,
    body: text,
    holds: (_hostConfig, run, { Mounts }) => Mounts.some(({ Source }) => Source === run.engine.socket),
    refusal,
  });
}

export const json: AttackClass = {
  name: 'json',
  forbids: "a body binds the engine's socket because it is read otherwise than the engine reads it",
  attacks: [
    spelling({ id: 'case', title: 'writes keys in other cases', quick: true }, (run) =>
      body(run, `"hostCONFIG":{"bINDS":[${bind(run)}]}`),
    ),
    spelling({ id: 'long-s', title: 'writes an s as U+017F, which Go folds', quick: true }, (run) =>
      Buffer.from(body(run, `"Ho\u017ftConfig":{"Bind\u017f":[${bind(run)}]}`)).toString('utf8'),
    ),
    creating({
      id: 'kelvin',
      title: 'writes a k as U+212A, which Go folds',
      quick: true,
      body: (run) => body(run, '"HostConfig":{"Networ\u212aMode":"host"}'),
      holds: ({ NetworkMode }) => NetworkMode === 'host',
      refusal,
    }),
    spelling({ id: 'duplicate', title: 'gives a key twice, the harmless one first', quick: true }, (run) =>
      body(run, `"HostConfig":{"Binds":["/tmp/a:/x"],"Binds":[${bind(run)}]}`),
    ),
    spelling({ id: 'merge', title: 'gives an object twice, the harmless one last, which the engine merges' }, (run) =>
      body(run, binds(run), '"HostConfig":{"Memory":0}'),
    ),
    spelling({ id: 'null-first', title: 'gives an object after a null of the same name' }, (run) =>
      body(run, '"HostConfig":null', binds(run)),
    ),
    spelling({ id: 'null-last', title: 'gives a null after an object, by another spelling of its name' }, (run) =>
      body(run, binds(run), '"hostconfig":{}'),
    ),
    spelling({ id: 'elements', title: 'has two lists merged element by element', quick: true }, (run) =>
      body(
        run,
        '"HostConfig":{"Mounts":[{"Type":"bind","Source":"/tmp","Target":"/x"}]',
        `"Mounts":[{"Source":${JSON.stringify(run.engine.socket)}}]}`,
      ),
    ),
    spelling({ id: 'escaped-key', title: 'writes keys with \\u escapes' }, (run) =>
      body(run, `"H\\u006fstConfig":{"\\u0042inds":[${bind(run)}]}`),
    ),
    spelling({ id: 'escaped-value', title: 'writes the path with \\u escapes and escaped slashes' }, (run) =>
      body(run, `"HostConfig":{"Binds":[${bind(run).replaceAll('/', '\\/').replaceAll('e', '\\u0065')}]}`),
    ),
    spelling(
      { id: 'second-value', title: 'writes a second value after the first' },
      (run) => `${body(run, binds(run))}{"HostConfig":{}}`,
    ),
    spelling({ id: 'second-level', title: 'nests a decoy of the whole body' }, (run) =>
      body(run, `"Labels":{"HostConfig":"{}"}`, binds(run), '"Healthcheck":{"Test":["NONE"]}'),
    ),
    spelling({ id: 'prototype', title: 'puts the bind beside a __proto__ key' }, (run) =>
      body(run, '"__proto__":{"HostConfig":{}}', binds(run), '"constructor":{"prototype":{}}'),
    ),
    spelling({ id: 'depth', title: 'hides the bind behind 9,000 levels', quick: true }, (run) =>
      body(run, `"Ignored":${'['.repeat(9000)}${']'.repeat(9000)}`, binds(run)),
    ),
    spelling({ id: 'large', title: 'hides the bind behind 2 MiB of a label' }, (run) =>
      body(run, `"Ignored":"${'x'.repeat(2 * 1024 * 1024)}"`, binds(run)),
    ),
    spelling({ id: 'very-large', title: 'hides the bind behind 9 MiB of blanks' }, (run) =>
      body(run, `${' '.repeat(9 * 1024 * 1024)}${binds(run)}`),
    ),
    spelling({ id: 'lone-surrogate', title: 'has lone surrogates in a key before' }, (run) =>
      body(run, '"\\ud800":1', binds(run), '"\\udfff":2'),
    ),
    spelling({ id: 'wide-number', title: 'has a number before that no double holds' }, (run) =>
      body(run, '"Ignored":123456789012345678901234567890e300', binds(run)),
    ),
    spelling({ id: 'invalid-utf8', title: 'has bytes before that are not UTF-8' }, (run) =>
      Buffer.from(body(run, '"Ignored\u00ff":1', binds(run)), 'latin1'),
    ),
    spelling(
      { id: 'byte-order-mark', title: 'begins with a byte order mark' },
      (run) => `\ufeff${body(run, binds(run))}`,
    ),
  ],
};
