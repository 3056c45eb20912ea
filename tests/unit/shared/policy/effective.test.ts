import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../../shared/policy/admin-settings.ts';
import { builtInValues, policyPaths } from '../../../../shared/policy/builtin-values.ts';
import { builtInPolicy, effectivePolicy, type SettingsFile } from '../../../../shared/policy/effective.ts';
import type { Policy, PolicyValues } from '../../../../shared/policy/policy.ts';

const mount = 'enhancedContainerIsolation.dockerSocketMount';

/** For each value one that the administrator gives and another that the user gives; none is the built-in one. */
const given: { readonly [Path in keyof PolicyValues]: readonly [PolicyValues[Path], PolicyValues[Path]] } = {
  'enhancedContainerIsolation.value': [false, false],
  [`${mount}.imageList.images`]: [['docker:cli'], ['docker:dind']],
  [`${mount}.imageList.allowDerivedImages`]: [true, true],
  [`${mount}.commandList.type`]: ['allow', 'allow'],
  [`${mount}.commandList.commands`]: [['push'], ['build']],
  'lockkeeper.mode': ['observe', 'observe'],
  'lockkeeper.hostGate.hostEscape': ['deny', 'deny'],
  'lockkeeper.containerSockets.hostEscape': ['report', 'report'],
  'lockkeeper.containerSockets.allow': [['privileged'], ['devices']],
  'lockkeeper.containerSockets.bindFrom': [['/srv'], ['/work']],
  'lockkeeper.unknownOperations': ['pass', 'pass'],
  'lockkeeper.offlineGraceHours': [1, 2],
  'lockkeeper.previousDigestGraceHours': [3, 4],
  'lockkeeper.resolveEveryMinutes': [10, 20],
  'lockkeeper.localImages': [[`sha256:${'a'.repeat(64)}`], [`sha256:${'b'.repeat(64)}`]],
  'lockkeeper.audit.path': ['/a.jsonl', '/b.jsonl'],
  'lockkeeper.audit.maxMegabytes': [8, 9],
  'lockkeeper.audit.passes': [true, true],
  'lockkeeper.limits.connectionsPerSocket': [100, 200],
  'lockkeeper.limits.inspectedBodyMegabytes': [2, 8],
  'lockkeeper.limits.heldMegabytes': [64, 128],
};

function file(source: SettingsFile['source'], locked: boolean, values: Partial<PolicyValues>): SettingsFile {
  return { source, file: `/${source}.json`, settings: { locked, values } };
}

function policyOf(sources: Parameters<typeof effectivePolicy>[0]): Policy {
  const effective = effectivePolicy(sources);
  if (!effective.ok) {
    throw new Error(JSON.stringify(effective.problems));
  }
  return effective.policy;
}

describe('effectivePolicy', () => {
  describe.each(policyPaths)('%s', (path) => {
    const [adminValue, userValue] = given[path];
    const admins = [undefined, 'unlocked', 'locked'] as const;
    const cases = admins.flatMap((admin) =>
      [false, true].flatMap((adminGives) =>
        [undefined, false, true].map((userGives) => ({ admin, adminGives, userGives })),
      ),
    );

    it.each(cases)('administrator $admin gives it: $adminGives, user gives it: $userGives', (one) => {
      const { admin, adminGives, userGives } = one;
      const locked = admin === 'locked';
      const policy = policyOf({
        admin: admin && file('admin', locked, adminGives ? { [path]: adminValue } : {}),
        user: userGives === undefined ? undefined : file('user', false, userGives ? { [path]: userValue } : {}),
      });
      const found = { value: policy.values[path], origin: policy.origins[path] };
      if (userGives === true && !locked) {
        expect(found).toEqual({ value: userValue, origin: { source: 'user', file: '/user.json', locked: false } });
      } else if (admin !== undefined && adminGives) {
        expect(found).toEqual({ value: adminValue, origin: { source: 'admin', file: '/admin.json', locked } });
      } else {
        expect(found).toEqual({ value: builtInValues[path], origin: { source: 'built-in', locked } });
      }
    });
  });

  it('puts values of several files together', () => {
    const policy = policyOf({
      admin: file('command-line', false, {
        [`${mount}.imageList.images`]: ['docker:cli'],
        'lockkeeper.audit.passes': true,
      }),
      user: file('user', false, { [`${mount}.imageList.images`]: ['docker:dind'] }),
    });
    expect(policy.values[`${mount}.imageList.images`]).toEqual(['docker:dind']);
    expect(policy.imageList.entries.map(({ text }) => text)).toEqual(['docker:dind']);
    expect(policy.origins['lockkeeper.audit.passes']).toEqual({
      source: 'command-line',
      file: '/command-line.json',
      locked: false,
    });
  });

  it('ignores a lock in the file of a user', () => {
    const policy = policyOf({ user: file('user', true, { 'lockkeeper.offlineGraceHours': 1 }) });
    expect(policy.origins['lockkeeper.offlineGraceHours'].locked).toBe(false);
    expect(policy.origins['lockkeeper.audit.passes'].locked).toBe(false);
  });

  it('warns when type and commands of the command list come from two files', () => {
    const effective = effectivePolicy({
      admin: file('admin', false, { [`${mount}.commandList.commands`]: ['push'] }),
      user: file('user', false, { [`${mount}.commandList.type`]: 'allow' }),
    });
    expect(effective).toMatchObject({
      ok: true,
      warnings: [
        {
          file: '/user.json',
          path: `${mount}.commandList.type`,
          text: `${mount}.commandList.type comes from /user.json, but the commands come from /admin.json; set both in one file.`,
        },
      ],
    });
  });

  it('is no policy when the values of several files do not go together', () => {
    const effective = effectivePolicy({
      admin: file('admin', false, { [`${mount}.commandList.commands`]: ['compose'] }),
      user: file('user', false, { [`${mount}.commandList.type`]: 'deny', [`${mount}.imageList.images`]: ['docker:'] }),
    });
    expect(effective).toMatchObject({
      ok: false,
      problems: [
        { file: '/user.json', path: `${mount}.imageList.images[0]` },
        { file: '/admin.json', path: `${mount}.commandList.commands[0]` },
      ],
    });
  });
});

it('is no policy either when an entry of the image list cannot be read', () => {
  const images = { [`${mount}.imageList.images`]: ['docker:cli', 'Docker:cli'] };
  expect(effectivePolicy({ admin: file('admin', true, images) })).toMatchObject({
    ok: false,
    problems: [{ file: '/admin.json', path: `${mount}.imageList.images[1]` }],
  });
});

describe('builtInPolicy', () => {
  it('is enforced and empty', () => {
    const { values, origins, imageList, commandList } = builtInPolicy();
    expect(values).toEqual({
      'enhancedContainerIsolation.value': true,
      [`${mount}.imageList.images`]: [],
      [`${mount}.imageList.allowDerivedImages`]: false,
      [`${mount}.commandList.type`]: 'deny',
      [`${mount}.commandList.commands`]: [],
      'lockkeeper.mode': 'enforce',
      'lockkeeper.hostGate.hostEscape': 'report',
      'lockkeeper.containerSockets.hostEscape': 'deny',
      'lockkeeper.containerSockets.allow': [],
      'lockkeeper.containerSockets.bindFrom': [],
      'lockkeeper.unknownOperations': 'refuse',
      'lockkeeper.offlineGraceHours': 72,
      'lockkeeper.previousDigestGraceHours': 0,
      'lockkeeper.resolveEveryMinutes': 360,
      'lockkeeper.localImages': [],
      'lockkeeper.audit.path': '',
      'lockkeeper.audit.maxMegabytes': 128,
      'lockkeeper.audit.passes': false,
      'lockkeeper.limits.connectionsPerSocket': 1000,
      'lockkeeper.limits.inspectedBodyMegabytes': 4,
      'lockkeeper.limits.heldMegabytes': 32,
    });
    expect(new Set(Object.values(origins))).toEqual(new Set([{ source: 'built-in', locked: false }]));
    expect(imageList.isEmpty).toBe(true);
    expect(commandList.type).toBe('deny');
  });

  it('knows every path once', () => {
    expect([...policyPaths].sort()).toEqual(Object.keys(builtInValues).sort());
  });
});

describe('any JSON as settings', () => {
  /** The parts of a policy that let more through than the built-in one, in what a document says on purpose. */
  const opensOnPurpose = (document: string): boolean =>
    [
      '"value":false',
      '"images":["',
      '"type":"allow"',
      '"unknownOperations":"pass"',
      '"localImages":["',
      '"allowDerivedImages":true',
      '"passes":true',
    ].some((words) => document.includes(words));

  it('never throws, and never makes a policy laxer than the built-in one by accident', () => {
    const scalar = fc.constantFrom<unknown>(
      true,
      false,
      null,
      0,
      1,
      '',
      'deny',
      'allow',
      'pass',
      'docker:cli',
      '*',
      [],
      {},
    );
    const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }));
    const optional = { requiredKeys: [] };
    const imageList = fc.record({ images: value, allowDerivedImages: value }, optional);
    const commandList = fc.record({ type: value, commands: value }, optional);
    const dockerSocketMount = fc.record(
      { imageList: fc.oneof(imageList, value), commandList: fc.oneof(commandList, value) },
      optional,
    );
    const section = fc.record(
      { locked: value, value, dockerSocketMount: fc.oneof(dockerSocketMount, value) },
      optional,
    );
    const lockkeeper = fc.record({ unknownOperations: value, localImages: value, audit: value, mode: value }, optional);
    const anything = fc.record(
      { enhancedContainerIsolation: fc.oneof(section, value), lockkeeper: fc.oneof(lockkeeper, value), other: value },
      optional,
    );
    fc.assert(
      fc.property(anything, (json) => {
        const document = JSON.stringify(json);
        const reading = readSettings(new TextEncoder().encode(document), 'x.json');
        if (!reading.ok) {
          expect(reading.problems.length).toBeGreaterThan(0);
          return;
        }
        const { values } = policyOf({ admin: { source: 'admin', file: 'x.json', settings: reading.settings } });
        if (!opensOnPurpose(document)) {
          expect({ ...values, [`${mount}.commandList.commands`]: [] }).toEqual(builtInValues);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
