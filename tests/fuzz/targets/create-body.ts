import fc from 'fast-check';
import { readCreateBody } from '../../../shared/engine-api/create-body.ts';
import { rewriteCreate } from '../../../shared/engine-api/rewrite-create.ts';
import { readJson } from '../../../shared/json/read-json.ts';
import { same, type Target } from '../target.ts';

/** What Go's JSON reader does with a document, as far as it is read here: the last of equal keys, in any case, wins. */
interface Body {
  readonly Image?: unknown;
  readonly HostConfig?: Body | null;
  readonly Binds?: readonly string[] | null;
  readonly Mounts?: readonly { readonly Type?: string; readonly Source?: string }[] | null;
}

/** The sources of everything that a body mounts, read with JSON.parse. */
function sourcesIn(level: Body): readonly string[] {
  const binds = (level.Binds ?? []).filter((bind) => bind.includes(':')).map((bind) => bind.split(':')[0] ?? '');
  const mounts = (level.Mounts ?? []).filter(({ Type }) => Type !== 'tmpfs' && Type !== 'image');
  return [...binds, ...mounts.map(({ Source }) => Source ?? '')];
}

const ADDED = '/state/sockets/1:/.lockkeeper:ro';

/** What is read is what stands there, and a rewritten body has exactly the mounts that were not taken out. */
function check(input: Uint8Array): void {
  const document = readJson(input);
  if (!document.ok || document.node.kind !== 'object') return;
  const request = readCreateBody(document.node);
  if (!request.ok) return;
  const { mounts, image } = request.value;
  const body: Body = JSON.parse(Buffer.from(input).toString());
  const level = body.HostConfig ?? body;
  same('the image', image, body.Image ?? '');
  const listed = mounts.filter(({ field }) => field === 'Binds' || field === 'Mounts');
  const all = [...(body.HostConfig ? sourcesIn(body.HostConfig) : []), ...sourcesIn(body)];
  same(
    'the sources',
    listed.map(({ source }) => source),
    all,
  );
  const remove = mounts.filter(({ source }) => source === '/sock');
  const rewritten: Body = JSON.parse(
    Buffer.from(rewriteCreate(input, request.value, { remove, addBinds: [ADDED] })).toString(),
  );
  const kept = sourcesIn(level).filter((source) => source !== '/sock');
  same(
    'the sources that are left',
    [...sourcesIn(rewritten.HostConfig ?? rewritten)].sort(),
    [...kept, '/state/sockets/1'].sort(),
  );
}

const source = fc.constantFrom('/sock', '/sock', '/a', 'volume', '/run/../run', '', '/é');
const binds = fc.option(
  fc.array(
    fc.tuple(source, fc.constantFrom('', ':/t', ':/t:ro')).map((parts) => parts.join('')),
    { maxLength: 4 },
  ),
);
const mounts = fc.option(
  fc.array(
    fc.record(
      {
        Type: fc.constantFrom('bind', 'volume', 'tmpfs', 'image', 'npipe', ''),
        Source: source,
        Target: fc.constant('/t'),
        VolumeOptions: fc.option(fc.constant({ DriverConfig: { Options: { o: 'bind', device: '/sock' } } })),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 3 },
  ),
);
const level = fc.record(
  {
    Binds: binds,
    Mounts: mounts,
    VolumesFrom: fc.option(fc.array(source)),
    Devices: fc.option(fc.array(fc.record({ PathOnHost: source }))),
    Tmpfs: fc.option(fc.constant({ '/t': '' })),
    ReadonlyRootfs: fc.option(fc.boolean()),
  },
  { requiredKeys: [] },
);

/** Bodies of `POST /containers/create` with both levels of mounts. */
export const createBodies = fc
  .tuple(
    level,
    fc.record(
      {
        Image: fc.constantFrom('alpine', ''),
        HostConfig: fc.option(level),
        Volumes: fc.option(fc.constant({ '/v': {} })),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([top, rest]) => ({ ...top, ...rest }));

export const createBody: Target = {
  name: 'create-body',
  files: ['shared/engine-api/', 'shared/json/'],
  words: [
    '"Binds":',
    '"Mounts":',
    '"HostConfig":',
    '"Image":',
    '"VolumesFrom":',
    '"Devices":',
    '"Volumes":',
    '"Tmpfs":',
    '"Source":',
    '"Type":"bind"',
    '"Type":"volume"',
    '"/sock:/s"',
    '"/sock"',
    'null',
    '[]',
    '{}',
    ',',
    ' ',
    '\n',
    '"binds":',
    '"VolumeOptions":',
    '"DriverConfig":',
    '"Options":',
    '"ReadonlyRootfs":true',
    ':',
  ],
  inputs: createBodies.map((body) => Uint8Array.from(Buffer.from(JSON.stringify(body)))),
  longest: 800,
  mostBlocksPerByte: 100,
  check,
};
