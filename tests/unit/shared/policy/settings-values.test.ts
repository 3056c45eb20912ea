import { describe, expect, it } from 'vitest';
import { FILE, imageId, images, inLockkeeper, mount, problems, warnings } from './reading-settings.ts';

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
      inLockkeeper('"offlineGraceHours": 9007199254740993'),
      '1:38: lockkeeper.offlineGraceHours must be at most 8760, but is the number 9007199254740993.',
    ],
    [
      inLockkeeper('"offlineGraceHours": 1e400'),
      '1:38: lockkeeper.offlineGraceHours is the number 1e400, which is beyond all limits.',
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
    [
      inLockkeeper('"limits": {"connectionsPerSocket": 15}'),
      '1:52: lockkeeper.limits.connectionsPerSocket must be a whole number from 16 to 65535, but is the number 15.',
    ],
    [
      inLockkeeper('"limits": {"connectionsPerSocket": 65536}'),
      '1:52: lockkeeper.limits.connectionsPerSocket must be a whole number from 16 to 65535, but is the number 65536.',
    ],
    [
      inLockkeeper('"limits": {"inspectedBodyMegabytes": 0}'),
      '1:54: lockkeeper.limits.inspectedBodyMegabytes must be a whole number from 1 to 16, but is the number 0.',
    ],
    [
      inLockkeeper('"limits": {"inspectedBodyMegabytes": 17}'),
      '1:54: lockkeeper.limits.inspectedBodyMegabytes must be a whole number from 1 to 16, but is the number 17.',
    ],
    [
      inLockkeeper('"limits": {"inspectedBodyMegabytes": 1.5}'),
      '1:54: lockkeeper.limits.inspectedBodyMegabytes must be a whole number from 1 to 16, but is the number 1.5.',
    ],
    [
      inLockkeeper('"limits": {"heldMegabytes": 31}'),
      '1:45: lockkeeper.limits.heldMegabytes must be a whole number from 32 to 1024, but is the number 31.',
    ],
    [
      inLockkeeper('"limits": {"heldMegabytes": 1025}'),
      '1:45: lockkeeper.limits.heldMegabytes must be a whole number from 32 to 1024, but is the number 1025.',
    ],
    [
      inLockkeeper('"limits": {"heldMegabytes": 9007199254740993}'),
      '1:45: lockkeeper.limits.heldMegabytes must be a whole number from 32 to 1024, but is the number 9007199254740993.',
    ],
    [
      inLockkeeper('"limits": {"heldMegabytes": null}'),
      '1:45: lockkeeper.limits.heldMegabytes must be a number, but is null.',
    ],
    [
      inLockkeeper('"limits": {"headBytes": 1}'),
      '1:28: lockkeeper.limits.headBytes is not a setting that Lockkeeper knows; lockkeeper.limits may hold: connectionsPerSocket, inspectedBodyMegabytes, heldMegabytes.',
    ],
  ])('%s', (text, problem) => {
    expect(problems(text)).toEqual([`${FILE}:${problem}`]);
  });

  it.each(['""', '"srv"', '"/srv/../etc"', '"/srv//x"', '"/srv/."', '"C:"'])(
    'folders to bind from that are not absolute and clean: %s',
    (path) => {
      expect(problems(inLockkeeper(`"containerSockets": {"bindFrom": [${path}]}`))).toEqual([
        expect.stringContaining('bindFrom[0] must be the absolute path of a folder, without . and .. in it'),
      ]);
    },
  );

  it.each(['"/"', '"/srv"', '"/srv/work/"', '"C:\\\\work"'])('folders to bind from: %s', (path) => {
    expect(problems(inLockkeeper(`"containerSockets": {"bindFrom": [${path}]}`))).toEqual([]);
  });

  it.each([
    ['"perImageCommands": {"docker:cli": {}}', 'perImageCommands', 'an object'],
    ['"perImageCommands": {"__proto__": {}}', 'perImageCommands', 'an object'],
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
  "lockkeeper": {"mode": "block"}
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
