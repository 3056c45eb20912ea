import fc from 'fast-check';
import { expect } from 'vitest';
import { readCreateBody } from '../../../shared/engine-api/create-body.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { ask, withBody } from '../gate/raw-client.ts';

/** How JSON of one value may be written, rightly and wrongly: its text, in several spellings. */
const text = (value: string) =>
  fc.constantFrom(
    JSON.stringify(value),
    `"${value.replace(/[a-z]/, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}"`,
  );

/** A key in the spellings that Go takes for it, and in some that it does not. */
const key = (name: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(`"${name}"`) },
    fc.constantFrom(
      `"${name}"`,
      `"${name.toLowerCase()}"`,
      `"${name.toUpperCase()}"`,
      `"${name.replace('s', '\u017f').replace('k', '\u212a')}"`,
      `"${name.replace('s', '\\u017f').replace('k', '\\u212A')}"`,
      `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`,
      `"${name}\u0000"`,
      `" ${name}"`,
    ),
  );

/** An object of some of the members, now and then of one twice. */
function members(...all: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const twice = fc.option(fc.oneof(...all), { freq: 8, nil: undefined }).map((one) => (one === undefined ? [] : [one]));
  return fc
    .tuple(fc.tuple(...all), fc.subarray([...all.keys()], { minLength: 1 }), twice, fc.constantFrom(',', ', ', '\n,\t'))
    .map(([parts, chosen, more, comma]) => {
      const some = chosen.flatMap((index) => parts[index] ?? []);
      return `{${[...some, ...more].join(comma)}}`;
    });
}

const pair = (name: string, value: fc.Arbitrary<string>) => fc.tuple(key(name), value).map((parts) => parts.join(':'));
const nothing = fc.constantFrom('null', '[]');
const list = (item: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 5, arbitrary: item.map((one) => `[${one}]`) }, { weight: 1, arbitrary: nothing });

/** Bodies that mount only what lies below a folder, or named volumes. */
function bodies(folder: string): fc.Arbitrary<string> {
  const source = fc.constantFrom(`${folder}/a`, `${folder}/b`, 'reading-volume');
  const bind = source.chain((from) => text(`${from}:/t`));
  const mount = fc
    .tuple(key('Type'), key('Source'), key('Target'), source)
    .map(
      ([type, from, to, path]) =>
        `{${type}:"${path.startsWith('/') ? 'bind' : 'volume'}",${from}:"${path}",${to}:"/m"}`,
    );
  const mounts = [pair('Binds', list(bind)), pair('Mounts', list(mount)), pair('VolumesFrom', nothing)];
  const rest = [
    pair('ReadonlyRootfs', fc.constantFrom('true', 'true', 'false', 'null')),
    pair('Memory', fc.constantFrom('0', '8388608', '8.388608e6', '9223372036854775808', '-1', '"1"')),
  ];
  const hostConfig = pair('HostConfig', fc.oneof(members(...mounts), members(...mounts, ...rest)));
  const image = pair('Image', fc.oneof(text('alpine'), text('docker:cli')));
  const others = [
    pair('Labels', fc.constantFrom('{"a":"\\ud800"}', '{"__proto__":"x"}', '{"k":"1","K":"2"}')),
    pair('Env', list(text('a=b'))),
  ];
  const body = fc.oneof(
    fc.tuple(image, hostConfig).map((parts) => `{${parts.join(',')}}`),
    fc.tuple(image, fc.oneof(...mounts)).map((parts) => `{${parts.join(',')}}`),
    members(image, image, hostConfig, ...mounts, ...others),
  );
  const around = fc.tuple(
    fc.constantFrom('\ufeff', ' \n', ''),
    body,
    fc.constantFrom(' ', '{}', '\0', ',', ' {"Image":"docker:cli"}', '//'),
  );
  return fc.oneof({ weight: 8, arbitrary: body }, { weight: 1, arbitrary: around.map((parts) => parts.join('')) });
}

/** What the engine says of a container that it made. */
interface Inspected {
  readonly Config: { readonly Image: string };
  readonly HostConfig: {
    readonly Binds: readonly string[] | null;
    readonly Mounts?: readonly { readonly Source: string }[] | null;
    readonly ReadonlyRootfs: boolean;
  };
}

/** What we read in a body; undefined when it is refused. */
function ours(body: string) {
  const document = readJson(Buffer.from(body));
  if (!document.ok || document.node.kind !== 'object') return undefined;
  const reading = readCreateBody(document.node);
  return reading.ok ? reading.value : undefined;
}

/**
 * Sends bodies to the engine and holds what it made of those that we would let through against what we read: the same
 * image, no mount that we have not seen, no writable root where we saw a read-only one.
 */
export async function compareBodies(lab: AttachedLab, count: number, seed: number): Promise<number> {
  let compared = 0;
  for (const body of fc.sample(bodies(`${lab.work}/reading`), { numRuns: count, seed })) {
    const read = ours(body);
    if (read === undefined) continue;
    const request = withBody('POST /v1.41/containers/create', body, 'Content-Type: application/json');
    const answer = await ask(lab.engineSocket, Buffer.from(request).toString('latin1'), 'POST');
    if (answer.status !== 201) continue;
    const { Id } = JSON.parse(answer.body) as { Id: string };
    const inspection = await ask(lab.engineSocket, `GET /v1.41/containers/${Id}/json HTTP/1.1\r\nHost: d\r\n\r\n`);
    await ask(lab.engineSocket, `DELETE /v1.41/containers/${Id}?v=1 HTTP/1.1\r\nHost: d\r\n\r\n`, 'DELETE');
    const made = JSON.parse(inspection.body) as Inspected;
    const seen = (field: 'Binds' | 'Mounts') =>
      read.mounts.filter((one) => one.field === field).map(({ source }) => source);
    const mounted = {
      Binds: (made.HostConfig.Binds ?? []).map((bind) => bind.split(':')[0] ?? ''),
      Mounts: (made.HostConfig.Mounts ?? []).map(({ Source }) => Source),
    };
    expect([body, made.Config.Image]).toEqual([body, read.image]);
    for (const field of ['Binds', 'Mounts'] as const) {
      expect([body, field, mounted[field].filter((source) => !seen(field).includes(source))]).toEqual([
        body,
        field,
        [],
      ]);
    }
    if (made.HostConfig.ReadonlyRootfs) expect([body, read.readOnlyRoot]).toEqual([body, true]);
    compared += 1;
  }
  await lab.docker(['volume', 'rm', '-f', 'reading-volume']);
  return compared;
}
