import fc from 'fast-check';
import { readSettings, type Settings } from '../../../shared/policy/admin-settings.ts';
import { policyPaths } from '../../../shared/policy/builtin-values.ts';
import { holds, same, type Target } from '../target.ts';

const utf8 = (text: string) => Uint8Array.from(Buffer.from(text));

/** The one member that Go would take for a key, whatever its case; a second one is a failure. */
function onlyMember(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const alike = Object.entries(value).filter(([name]) => new RegExp(`^${key}$`, 'iu').test(name));
  holds(`two keys are taken for ${key}`, alike.length < 2);
  return alike[0]?.[1];
}

function valueAt(document: unknown, path: string): unknown {
  return path.split('.').reduce(onlyMember, document);
}

/** A document that gives exactly these settings, and what Docker Desktop does not read besides. */
function documentOf({ locked, values }: Settings): string {
  const document: Record<string, unknown> = {};
  const put = (path: string, value: unknown) => {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    let level: Record<string, unknown> = document;
    for (const key of keys) {
      level[key] ??= {};
      level = level[key] as Record<string, unknown>;
    }
    level[last] = value;
  };
  for (const path of policyPaths) if (values[path] !== undefined) put(path, values[path]);
  if (locked) put('enhancedContainerIsolation.locked', true);
  return JSON.stringify(document);
}

/**
 * A file that is accepted gives exactly what stands in it, and reads the same in our own spelling. Every mistake has a
 * line and a column of the file. The backslashes before a star, which the reader takes away, are left out here.
 */
export function checkSettings(input: Uint8Array): void {
  const reading = readSettings(input, 'f');
  const lines = Buffer.from(input).toString('latin1').split('\n').length;
  for (const remark of reading.ok ? reading.warnings : reading.problems) {
    holds(`the remark has no end: ${remark.text}`, /[.?]$/.test(remark.text));
    holds(`line ${remark.line} of ${lines}`, (remark.line ?? 1) >= 1 && (remark.line ?? 1) <= lines);
  }
  if (!reading.ok) {
    holds('a file is refused without a reason', reading.problems.length > 0);
    return;
  }
  const again = readSettings(utf8(documentOf(reading.settings)), 'f');
  holds('our own spelling is refused', again.ok);
  if (again.ok) same('our own spelling is read otherwise', again.settings, reading.settings);
  const text = Buffer.from(input)
    .toString()
    .replace(/^\ufeff/, '');
  if (text.includes('\\')) return;
  const document: unknown = JSON.parse(text);
  for (const path of policyPaths) same(path, valueAt(document, path), reading.settings.values[path]);
  same('locked', valueAt(document, 'enhancedContainerIsolation.locked') ?? false, reading.settings.locked);
}

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
const images = fc.array(
  fc.constantFrom('docker:cli', 'docker.io/localstack/localstack:*', 'a/*:*', '*', 'Foo', '', 'docker:'),
  { maxLength: 3 },
);
const commands = fc.array(
  fc.constantFrom('push', 'image*', 'container*', 'ps', 'psh', 'compose', 'image rm', 'container\\*'),
  { maxLength: 3 },
);
const files = fc
  .record(
    {
      configurationFileVersion: option(fc.constantFrom(2, 2, 2, 3)),
      enhancedContainerIsolation: option(
        fc.record(
          {
            locked: fc.boolean(),
            value: fc.boolean(),
            dockerSocketMount: fc.record(
              {
                imageList: fc.record({ images, allowDerivedImages: fc.boolean() }, { requiredKeys: [] }),
                commandList: fc.record({ type: fc.constantFrom('deny', 'allow'), commands }, { requiredKeys: [] }),
              },
              { requiredKeys: [] },
            ),
          },
          { requiredKeys: [] },
        ),
      ),
      lockkeeper: option(
        fc.record(
          {
            mode: fc.constantFrom('enforce', 'observe', 'off'),
            unknownOperations: fc.constantFrom('refuse', 'pass'),
            hostGate: fc.record({ hostEscape: fc.constantFrom('report', 'deny', '') }, { requiredKeys: [] }),
            containerSockets: fc.record(
              {
                hostEscape: fc.constantFrom('deny', 'report'),
                allow: fc.array(fc.constantFrom('privileged', 'host-network', 'privilege'), { maxLength: 2 }),
                bindFrom: fc.array(fc.constantFrom('/srv', '/', 'srv', '/a/../b'), { maxLength: 2 }),
              },
              { requiredKeys: [] },
            ),
            offlineGraceHours: fc.constantFrom(0, 72, 9000, 1.5),
            audit: fc.record(
              {
                path: fc.constantFrom('/var/log/x.jsonl', 'x'),
                maxMegabytes: fc.constantFrom(8, 7),
                passes: fc.boolean(),
              },
              { requiredKeys: [] },
            ),
            limits: fc.record(
              {
                connectionsPerSocket: fc.constantFrom(16, 1000, 0),
                inspectedBodyMegabytes: fc.constantFrom(1, 16, 17),
                heldMegabytes: fc.constantFrom(32, 1e9),
              },
              { requiredKeys: [] },
            ),
            localImages: fc.array(fc.constant(`sha256:${'a'.repeat(64)}`), { maxLength: 2 }),
          },
          { requiredKeys: [] },
        ),
      ),
    },
    { requiredKeys: [] },
  )
  .map((document) => JSON.stringify(document, null, 1));

export const settings: Target = {
  name: 'settings',
  files: ['shared/policy/', 'shared/json/', 'shared/images/', 'shared/commands/'],
  words: [
    '"enhancedContainerIsolation":',
    '"EnhancedContainerIsolation":',
    '"lockkeeper":',
    '"loc\u212akeeper":',
    '"locked":true',
    '"value":false',
    '"dockerSocketMount":',
    '"imageList":',
    '"images":',
    '"commandList":',
    '"commands":',
    '"type":"allow"',
    '"mode":"observe"',
    '"localImages":',
    '"audit":',
    '"hostGate":',
    '"containerSockets":',
    '"perImageCommands":',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\*',
    '\\\\*',
    '\ufeff',
    '// x\n',
    'null',
    '"*"',
    '"push"',
    '"docker:cli"',
    '"__proto__":',
    '\n',
    '1e3',
    '72',
    '-1',
  ],
  inputs: files.map(utf8),
  longest: 1000,
  // A name that is no command is compared with all that are.
  mostBlocksPerByte: 1000,
  check: checkSettings,
};
