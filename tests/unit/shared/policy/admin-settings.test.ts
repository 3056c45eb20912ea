import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings, renderRemark } from '../../../../shared/policy/admin-settings.ts';
import { builtInValues, policyPaths } from '../../../../shared/policy/builtin-values.ts';

const FILE = 'admin-settings.json';
const imageId = `sha256:${'0123456789abcdef'.repeat(4)}`;

const read = (text: string | Uint8Array) =>
  readSettings(typeof text === 'string' ? new TextEncoder().encode(text) : text, FILE);

function problems(text: string | Uint8Array): string[] {
  const reading = read(text);
  return reading.ok ? [] : reading.problems.map(renderRemark);
}

function warnings(text: string): string[] {
  const reading = read(text);
  expect(reading).toMatchObject({ ok: true });
  return reading.ok ? reading.warnings.map(renderRemark) : [];
}

function given(text: string) {
  const reading = read(text);
  return reading.ok
    ? Object.fromEntries(Object.entries(reading.settings.values).filter(([, value]) => value !== undefined))
    : undefined;
}

const inLockkeeper = (text: string) => `{"lockkeeper": {${text}}}`;
const images = (...entries: string[]) =>
  `{"enhancedContainerIsolation":{"dockerSocketMount":{"imageList":{"images":${JSON.stringify(entries)}}}}}`;
const mount = 'enhancedContainerIsolation.dockerSocketMount';

describe('readSettings: what a file may say', () => {
  it('nothing at all', () => {
    expect(read('{}')).toMatchObject({ ok: true, settings: { locked: false }, warnings: [] });
    expect(given(' {"enhancedContainerIsolation": {}, "lockkeeper": {}}\n')).toEqual({});
  });

  it('everything', () => {
    const text = JSON.stringify({
      configurationFileVersion: 2,
      enhancedContainerIsolation: {
        locked: true,
        value: true,
        dockerSocketMount: {
          imageList: { images: ['docker:cli'], allowDerivedImages: true },
          commandList: { type: 'allow', commands: ['ps'] },
        },
      },
      lockkeeper: {
        mode: 'enforce',
        hostGate: { hostEscape: 'report' },
        containerSockets: { hostEscape: 'deny', allow: [], bindFrom: [] },
        unknownOperations: 'pass',
        offlineGraceHours: 24,
        previousDigestGraceHours: 0,
        resolveEveryMinutes: 60,
        localImages: [imageId],
        perImageCommands: {},
        audit: { passes: true },
        telemetry: {},
      },
    });
    expect(read(text)).toMatchObject({ ok: true, settings: { locked: true } });
    expect(given(text)).toEqual({
      'enhancedContainerIsolation.value': true,
      [`${mount}.imageList.images`]: ['docker:cli'],
      [`${mount}.imageList.allowDerivedImages`]: true,
      [`${mount}.commandList.type`]: 'allow',
      [`${mount}.commandList.commands`]: ['ps'],
      'lockkeeper.unknownOperations': 'pass',
      'lockkeeper.offlineGraceHours': 24,
      'lockkeeper.resolveEveryMinutes': 60,
      'lockkeeper.localImages': [imageId],
      'lockkeeper.audit.passes': true,
    });
  });

  it("Docker Desktop's other settings, whatever they hold", () => {
    const text = `{"configurationFileVersion": 2, "exposeDockerAPIOnTCP2375": {"locked": true, "value": false},
      "proxy": null, "__proto__": {"value": false}, "constructor": 1, "imageList": []}`;
    expect(read(text)).toMatchObject({ ok: true, warnings: [] });
    expect(given(text)).toEqual({});
  });

  it('a byte order mark, which takes no column', () => {
    expect(read('\ufeff{}')).toMatchObject({ ok: true, warnings: [] });
    expect(problems('\ufeff{"lockkeeper": 1}')).toEqual([
      `${FILE}:1:16: lockkeeper must be an object, but is the number 1.`,
    ]);
  });

  it('keys in another case, with a warning for each', () => {
    const text = `{
  "EnhancedContainerIsolation": {
    "LOCKED": true,
    "dockersocketmount": {"imageList": {"Images": ["docker:cli"]}},
    "\u017fValue": 1
  }
}`;
    expect(problems(text)).toEqual([
      `${FILE}:5:5: enhancedContainerIsolation."\u017fValue" is not a setting that Lockkeeper knows; enhancedContainerIsolation may hold: locked, value, dockerSocketMount.`,
    ]);
    const readable = text.replace(/,\s+"\u017fValue": 1/, '');
    expect(read(readable)).toMatchObject({ ok: true, settings: { locked: true } });
    expect(given(readable)).toEqual({ [`${mount}.imageList.images`]: ['docker:cli'] });
    const spelled = (place: string, path: string, is: string, should: string) =>
      `${FILE}:${place}: ${path} is spelled "${is}" here; it is read all the same, but write "${should}".`;
    expect(warnings(readable)).toEqual([
      spelled('2:3', 'enhancedContainerIsolation', 'EnhancedContainerIsolation', 'enhancedContainerIsolation'),
      spelled('3:5', 'enhancedContainerIsolation.locked', 'LOCKED', 'locked'),
      spelled('4:5', mount, 'dockersocketmount', 'dockerSocketMount'),
      spelled('4:41', `${mount}.imageList.images`, 'Images', 'images'),
    ]);
  });

  it("keys that Go's folding takes for ours", () => {
    // U+212A, the Kelvin sign, folds to k; U+017F, the long s, to s.
    expect(given('{"loc\u212akeeper": {"re\u017folveEveryMinutes": 5}}')).toEqual({
      'lockkeeper.resolveEveryMinutes': 5,
    });
  });
});

describe('readSettings: what it warns of', () => {
  const value = 'enhancedContainerIsolation.value';
  it.each([
    [
      '{"enhancedContainerIsolation": {"value": false}}',
      `1:42: ${value} is false: Lockkeeper is not enforced, every container may mount the Docker socket.`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"commandList": {"type": "allow"}}}}',
      `1:70: ${mount}.commandList: the command list allows nothing: type is "allow" and commands is empty, so that only ping and version pass.`,
    ],
    [
      '{"lockkeeper": {"unknownOperations": "pass"}}',
      '1:38: lockkeeper.unknownOperations is "pass": what a newer engine can do passes the command list unseen.',
    ],
    [
      images('docker:cli', '*'),
      `1:89: ${mount}.imageList.images[1]: "*" lets every container have the Docker socket, without any proof of origin.`,
    ],
  ])('%s', (text, warning) => {
    expect(warnings(text)).toEqual([`${FILE}:${warning}`]);
  });

  it.each([
    ['alpine:latest', 'alpine'],
    ['docker.io/library/debian@sha256:'.concat('a'.repeat(64)), 'debian'],
    ['ubuntu:*', 'ubuntu'],
    ['registry.example.com/base/busybox', 'busybox'],
    ['docker.io/library/cent*:*', 'centos'],
  ])('a bare distribution as a parent of derived images: %s', (entry, base) => {
    const imageList = { images: [entry], allowDerivedImages: true };
    const text = (list: unknown) =>
      JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { imageList: list } } });
    const bare = `"${entry}" admits the base image ${base}, and allowDerivedImages is true: every local image that is built on it may have the Docker socket. List the images that your tools are built on instead.`;
    const path = `${mount}.imageList.images[0]`;
    expect(warnings(text(imageList)).filter((warning) => warning.endsWith(bare))).toEqual([
      `${FILE}:1:${text(imageList).indexOf(entry)}: ${path}: ${bare}`,
    ]);
    expect(warnings(text({ ...imageList, allowDerivedImages: false })).join()).not.toContain('base image');
  });

  it('not of images that are more than a distribution', () => {
    const imageList = { images: ['paketobuildpacks/builder:base', 'alpine/git'], allowDerivedImages: true };
    expect(warnings(JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { imageList } } }))).toEqual([]);
  });

  it('what the command list has to say', () => {
    const commandList = { type: 'deny', commands: ['push', 'run'] };
    const text = JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { commandList } } });
    expect(warnings(text)).toContainEqual(
      expect.stringMatching(/:1:101: .*commandList\.commands\[1\]: denying "run" also stops /),
    );
  });
});

describe('readSettings: files that cannot be read', () => {
  const json = 'The file is not valid JSON:';
  it.each([
    ['an empty file', '', `: The file is empty; write {} for a file that sets nothing.`],
    ['a list', ' []', ':1:2: The file must hold one JSON object: { … }.'],
    ['a string', '"x"', ':1:1: The file must hold one JSON object: { … }.'],
  ])('%s', (_what, text, problem) => {
    expect(problems(text)).toEqual([FILE + problem]);
  });

  it.each([
    ['blanks', ' \n ', '1:1'],
    ['a missing bracket', '{\n  "lockkeeper": {\n', '3:1'],
    ['a line comment', '{\n  // why\n}', '2:3'],
    ['a block comment', '{ /* why */ }', '1:3'],
    ['a trailing comma in an object', '{\n  "a": 1,\n}', '2:9'],
    ['a trailing comma in a list', '{"a": [1,]}', '1:9'],
    ['a key without quotes', '{locked: true}', '1:2'],
    ['single quotes', "{'a': 1}", '1:2'],
    ['a second value', '{}{}', '1:3'],
    ['a duplicate key', '{"a": {"b": 1,\n "b": 2}}', '2:2'],
    ['a duplicate key by escapes', '{"a": 1, "\\u0061": 2}', '1:10'],
    ['a NUL byte', '{}\0', '1:3'],
    ['a NUL byte in a string', '{"a": "\0"}', '1:8'],
    ['nothing but NUL bytes', '\0\0\0\0\0\0\0\0', '1:1'],
    ['an invalid escape', '{"a": "\\x"}', '1:8'],
    ['a line break in a string', '{"a": "\n"}', '1:8'],
    ['a number out of JSON', '{"a": 0x10}', '1:8'],
    ['half a surrogate pair', '{"a": "\\ud800"}', '1:8'],
    ['NaN', '{"a": NaN}', '1:7'],
  ])('%s', (_what, text, place) => {
    expect(problems(text)).toEqual([expect.stringContaining(`${FILE}:${place}: ${json} `)]);
  });

  it('bytes that are not UTF-8', () => {
    expect(problems(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toEqual([
      `${FILE}:1:3: ${json} the document is not valid UTF-8.`,
    ]);
  });

  it('UTF-16, by name', () => {
    expect(problems(Uint8Array.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]))).toEqual([
      `${FILE}: The file is encoded as UTF-16; save it as UTF-8.`,
    ]);
  });

  it('depth without end', () => {
    expect(problems('['.repeat(500_000))).toEqual([expect.stringContaining('nested')]);
  });
});

describe('readSettings: values that are refused', () => {
  it.each([
    ['{"configurationFileVersion": 1}', '1:30: configurationFileVersion must be 2, but is the number 1.'],
    ['{"configurationFileVersion": "2"}', '1:30: configurationFileVersion must be 2, but is the string "2".'],
    ['{"configurationFileVersion": null}', '1:30: configurationFileVersion must be 2, but is null.'],
    ['{"enhancedContainerIsolation": true}', '1:32: enhancedContainerIsolation must be an object, but is true.'],
    [
      '{"enhancedContainerIsolation": {"value": "false"}}',
      '1:42: enhancedContainerIsolation.value must be true or false, but is the string "false".',
    ],
    [
      '{"enhancedContainerIsolation": {"locked": 1}}',
      '1:43: enhancedContainerIsolation.locked must be true or false, but is the number 1.',
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": []}}',
      `1:54: ${mount} must be an object, but is an empty list.`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"imageList": {"images": "docker:cli"}}}}',
      `1:79: ${mount}.imageList.images must be a list, but is the string "docker:cli".`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"imageList": {"images": null}}}}',
      `1:79: ${mount}.imageList.images must be a list, but is null.`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"imageList": {"images": ["docker:cli", 1]}}}}',
      `1:94: ${mount}.imageList.images[1] must be a string, but is the number 1.`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"commandList": {"type": "Deny"}}}}',
      `1:79: ${mount}.commandList.type must be "deny" or "allow", but is the string "Deny".`,
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"commandList": {"commands": {}}}}}',
      `1:83: ${mount}.commandList.commands must be a list, but is an empty object.`,
    ],
    [
      '{"enhancedContainerIsolation": {"lock": true}}',
      '1:33: enhancedContainerIsolation.lock is not a setting that Lockkeeper knows; enhancedContainerIsolation may hold: locked, value, dockerSocketMount.',
    ],
    [
      '{"enhancedContainerIsolation": {"__proto__": {"value": false}}}',
      '1:33: enhancedContainerIsolation.__proto__ is not a setting that Lockkeeper knows; enhancedContainerIsolation may hold: locked, value, dockerSocketMount.',
    ],
    [
      '{"enhancedContainerIsolation": {"dockerSocketMount": {"imageList": {"image": []}}}}',
      `1:69: ${mount}.imageList.image is not a setting that Lockkeeper knows; ${mount}.imageList may hold: images, allowDerivedImages.`,
    ],
    [
      inLockkeeper('"offlineGraceHours": -1'),
      '1:38: lockkeeper.offlineGraceHours must be at least 0, but is the number -1.',
    ],
    [
      inLockkeeper('"offlineGraceHours": 1e9'),
      '1:38: lockkeeper.offlineGraceHours must be at most 8760, but is the number 1e9.',
    ],
    [
      inLockkeeper('"offlineGraceHours": 1.5'),
      '1:38: lockkeeper.offlineGraceHours must be a whole number, but is the number 1.5.',
    ],
    [
      inLockkeeper('"offlineGraceHours": "72"'),
      '1:38: lockkeeper.offlineGraceHours must be a number, but is the string "72".',
    ],
    [
      inLockkeeper('"resolveEveryMinutes": 1'),
      '1:40: lockkeeper.resolveEveryMinutes must be at least 2, but is the number 1.',
    ],
    [
      inLockkeeper('"localImages": ["docker:cli"]'),
      '1:33: lockkeeper.localImages[0] must be an image ID as `docker image inspect` prints it: sha256: and 64 digits 0-9, a-f, but is the string "docker:cli".',
    ],
    [
      inLockkeeper('"unknownOperations": "deny"'),
      '1:38: lockkeeper.unknownOperations must be "refuse" or "pass", but is the string "deny".',
    ],
    [
      inLockkeeper('"audit": {"passes": "yes"}'),
      '1:37: lockkeeper.audit.passes must be true or false, but is the string "yes".',
    ],
  ])('%s', (text, problem) => {
    expect(problems(text)).toEqual([`${FILE}:${problem}`]);
  });

  it.each([
    ['"mode": "observe"', 'mode', 'the string "observe"'],
    ['"hostGate": {"hostEscape": "deny"}', 'hostGate.hostEscape', 'the string "deny"'],
    ['"containerSockets": {"hostEscape": "report"}', 'containerSockets.hostEscape', 'the string "report"'],
    ['"containerSockets": {"allow": ["privileged"]}', 'containerSockets.allow', 'a list'],
    ['"containerSockets": {"bindFrom": ["/srv"]}', 'containerSockets.bindFrom', 'a list'],
    ['"previousDigestGraceHours": 1', 'previousDigestGraceHours', 'the number 1'],
    ['"perImageCommands": {"docker:cli": {}}', 'perImageCommands', 'an object'],
    ['"perImageCommands": {"__proto__": {}}', 'perImageCommands', 'an object'],
    ['"audit": {"path": "/var/log/x"}', 'audit.path', 'the string "/var/log/x"'],
    ['"audit": {"maxMegabytes": null}', 'audit.maxMegabytes', 'null'],
    ['"telemetry": {"otlpEndpoint": "http://x"}', 'telemetry.otlpEndpoint', 'the string "http://x"'],
  ])('features that are not built: %s', (text, path, found) => {
    expect(problems(inLockkeeper(text))).toEqual([expect.stringMatching(/^admin-settings\.json:1:\d+: /)]);
    expect(problems(inLockkeeper(text))[0]?.replace(/^\S+ /, '')).toBe(
      `lockkeeper.${path} is ${found}, which is not supported by this version of Lockkeeper; remove it.`,
    );
  });

  it('two keys that only differ in case', () => {
    const text = '{"enhancedContainerIsolation": {"locked": true,\n "Locked": false, "VALUE": true, "value": true}}';
    const twice = (place: string, key: string, one: string, other: string) =>
      `${FILE}:${place}: enhancedContainerIsolation.${key} is given twice, as "${one}" and as "${other}"; keep one of them.`;
    expect(problems(text)).toEqual([
      twice('2:2', 'locked', 'locked', 'Locked'),
      twice('2:34', 'value', 'VALUE', 'value'),
    ]);
    expect(problems('{"lockkeeper": {}, "LockKeeper": {}}')).toEqual([
      `${FILE}:1:20: lockkeeper is given twice, as "lockkeeper" and as "LockKeeper"; keep one of them.`,
    ]);
  });

  it.each([
    ['', /images\[0\]: "" /],
    ['docker:', /"docker:" has a colon without a tag/],
    ['Docker:cli', /"Docker:cli" /],
    ['docker cli', /"docker cli" /],
    [imageId, /is an image ID.*lockkeeper\.localImages/],
    ['*.example.com/x', /"\*\.example\.com\/x" /],
  ])('the image-list entry %j', (entry, problem) => {
    const place = `${FILE}:1:${images(entry).indexOf('["') + 2}: ${mount}.imageList.images[0]: `;
    expect(problems(images(entry))).toEqual([expect.stringMatching(problem)]);
    expect(problems(images(entry))[0]?.startsWith(place)).toBe(true);
    expect(problems(images(entry))[0]?.endsWith('.')).toBe(true);
  });

  it.each(['psuh', '', 'Push', 'compose', 'image**', ' push'])('the denied command %j', (command) => {
    const commandList = { type: 'deny', commands: ['build', command] };
    const text = JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { commandList } } });
    const found = problems(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^admin-settings\.json:1:102: \S+commandList\.commands\[1\]:? /);
  });

  it('everything at once, in the order of the file', () => {
    const text = `{
  "configurationFileVersion": 3,
  "enhancedContainerIsolation": {
    "valeu": true,
    "dockerSocketMount": {
      "imageList": {"images": ["docker:", 7], "allowDerivedImages": "no"},
      "commandList": {"type": "block", "commands": ["psuh"]}
    }
  },
  "lockkeeper": {"mode": "observe"}
}`;
    expect(problems(text).map((problem) => problem.split(': ')[0])).toEqual(
      ['2:31', '4:5', '6:32', '6:43', '6:69', '7:31', '7:53', '10:26'].map((place) => `${FILE}:${place}`),
    );
  });

  it('a file of nothing but mistakes, without a remark for each', () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `"key${index}": 0`).join();
    const found = problems(`{"lockkeeper": {${keys}}}`);
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe(`${FILE}: The file has more of these; the first 100 are shown.`);
    expect(problems(images(...Array.from({ length: 60_000 }, () => 'a:')))).toHaveLength(101);
    expect(warnings(images(...Array.from({ length: 60_000 }, () => 'x:*')).replaceAll(':*', ':\\*'))).toHaveLength(101);
  });

  it('control characters and endless strings do not get into messages', () => {
    const text = JSON.stringify({
      enhancedContainerIsolation: { [`\u0007${'k'.repeat(5000)}`]: 1, value: '\u001b[31m' },
    });
    for (const problem of problems(text)) {
      expect(problem).toMatch(/^[ -~]{1,400}$/);
    }
    expect(problems(text)).toHaveLength(2);
  });
});

describe('readSettings, whatever it is given', () => {
  const atPath = (path: string, value: unknown): unknown =>
    path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void read(bytes)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void read(JSON.stringify(value))));
  });

  it('takes a value only as it stands in the file', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('true', 'false', 'allow', 'deny', 'pass', 0, 1, [], ['*']),
    );
    fc.assert(
      fc.property(fc.constantFrom(...policyPaths), anything, (path, value) => {
        const reading = read(JSON.stringify(atPath(path, value)));
        if (reading.ok) {
          expect(reading.settings.values[path]).toEqual(JSON.parse(JSON.stringify(value)));
          expect(typeof value).toBe(typeof builtInValues[path]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('yields nothing from junk in our sections', () => {
    const junk = fc.jsonValue().filter((value) => JSON.stringify(value) !== '{}');
    fc.assert(
      fc.property(fc.constantFrom('enhancedContainerIsolation', 'lockkeeper'), junk, (section, value) => {
        expect(read(JSON.stringify({ [section]: value })).ok).toBe(false);
      }),
    );
  });
});
