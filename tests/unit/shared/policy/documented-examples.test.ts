import { describe, expect, it } from 'vitest';
import { readSettings, type Settings } from '../../../../shared/policy/admin-settings.ts';
import { effectivePolicy } from '../../../../shared/policy/effective.ts';
import type { PolicyValues, SettingsRemark } from '../../../../shared/policy/policy.ts';

const FILE = '/etc/lockkeeper/admin-settings.json';
const mount = 'enhancedContainerIsolation.dockerSocketMount';

function read(text: string): { settings: Settings; warnings: readonly SettingsRemark[] } {
  const reading = readSettings(new TextEncoder().encode(text), FILE);
  if (!reading.ok) {
    throw new Error(JSON.stringify(reading.problems, null, 2));
  }
  return reading;
}

function values(text: string): PolicyValues {
  const { settings } = read(text);
  const effective = effectivePolicy({ admin: { source: 'admin', file: FILE, settings } });
  if (!effective.ok) {
    throw new Error(JSON.stringify(effective.problems, null, 2));
  }
  return effective.policy.values;
}

/** The examples are printed without what is around them in the file. */
const inSection = (fragment: string) => `{"enhancedContainerIsolation": {${fragment}}}`;
const inMount = (fragment: string) => inSection(`"dockerSocketMount": {${fragment}}`);

const images = (text: string) => values(text)[`${mount}.imageList.images`];
const derived = (text: string) => values(text)[`${mount}.imageList.allowDerivedImages`];
const commandList = (text: string) => ({
  type: values(text)[`${mount}.commandList.type`],
  commands: values(text)[`${mount}.commandList.commands`],
});

describe("the examples of Docker's page on socket exceptions, as they are printed", () => {
  it('the whole file', () => {
    const file = `{
  "configurationFileVersion": 2,
  "enhancedContainerIsolation": {
    "locked": true,
    "value": true,
    "dockerSocketMount": {
      "imageList": {
        "images": [
          "docker.io/localstack/localstack:*",
          "docker.io/testcontainers/ryuk:*",
          "docker:cli"
        ],
        "allowDerivedImages": true
      },
      "commandList": {
        "type": "deny",
        "commands": ["push", "build"]
      }
    }
  }
}`;
    expect(read(file).settings.locked).toBe(true);
    expect(values(file)).toMatchObject({
      'enhancedContainerIsolation.value': true,
      [`${mount}.imageList.images`]: [
        'docker.io/localstack/localstack:*',
        'docker.io/testcontainers/ryuk:*',
        'docker:cli',
      ],
      [`${mount}.imageList.allowDerivedImages`]: true,
      [`${mount}.commandList.type`]: 'deny',
      [`${mount}.commandList.commands`]: ['push', 'build'],
    });
  });

  it('an allow list for testing tools', () => {
    const file = inMount(`"imageList": {
  "images": [
    "docker.io/testcontainers/ryuk:*",
    "docker:cli",
    "alpine:latest"
  ]
}`);
    expect(images(file)).toEqual(['docker.io/testcontainers/ryuk:*', 'docker:cli', 'alpine:latest']);
    expect(derived(file)).toBe(false);
    expect(read(file).warnings).toEqual([]);
  });

  it('a wildcard allow list, with a warning', () => {
    const file = inMount(`"imageList": {
  "images": ["*"]
}`);
    expect(images(file)).toEqual(['*']);
    expect(read(file).warnings).toEqual([
      {
        file: FILE,
        line: 2,
        column: 14,
        path: `${mount}.imageList.images[0]`,
        text: `${mount}.imageList.images[0]: "*" lets every container have the Docker socket, without any proof of origin.`,
      },
    ]);
  });

  it('derived images', () => {
    const file = inMount(`"imageList": {
  "images": [
    "paketobuildpacks/builder:base"
  ],
  "allowDerivedImages": true
}`);
    expect(images(file)).toEqual(['paketobuildpacks/builder:base']);
    expect(derived(file)).toBe(true);
  });

  it('a deny list', () => {
    const file = inMount(`"commandList": {
  "type": "deny",
  "commands": ["push", "build", "image*"]
}`);
    expect(commandList(file)).toEqual({ type: 'deny', commands: ['push', 'build', 'image*'] });
  });

  it('an allow list', () => {
    const file = inMount(`"commandList": {
  "type": "allow",
  "commands": ["ps", "container*", "volume*"]
}`);
    expect(commandList(file)).toEqual({ type: 'allow', commands: ['ps', 'container*', 'volume*'] });
  });

  it.each([
    String.raw`"container\*"`,
    String.raw`"image\*"`,
    String.raw`"volume\*"`,
    String.raw`"network\*"`,
    String.raw`"build\*"`,
    String.raw`"system\*"`,
  ])('the command wildcard %s', (wildcard) => {
    const meant = wildcard.replaceAll(/["\\]/g, '');
    for (const type of ['deny', 'allow'] as const) {
      for (const printed of [wildcard, wildcard.replace('\\', '\\\\')]) {
        const file = inMount(`"commandList": {"type": "${type}", "commands": [${printed}]}`);
        const star = { path: `${mount}.commandList.commands[0]`, line: 1 };
        expect(commandList(file)).toEqual({ type, commands: [meant] });
        expect(read(file).warnings).toContainEqual(
          expect.objectContaining({
            ...star,
            column: file.indexOf('*') + 1,
            text: `${star.path} has a backslash before a star; it is read as the star alone, so write * without it.`,
          }),
        );
      }
    }
  });

  it('Testcontainers', () => {
    const file = inSection(`"dockerSocketMount": {
  "imageList": {
    "images": [
      "docker.io/testcontainers/ryuk:*",
      "testcontainers/*:*"
    ]
  },
  "commandList": {
    "type": "deny",
    "commands": ["push", "build"]
  }
}`);
    expect(images(file)).toEqual(['docker.io/testcontainers/ryuk:*', 'testcontainers/*:*']);
    expect(commandList(file)).toEqual({ type: 'deny', commands: ['push', 'build'] });
  });

  it('CI/CD pipelines', () => {
    const file = inSection(`"dockerSocketMount": {
  "imageList": {
    "images": [
      "docker:cli",
      "your-registry.com/ci-tools/*:*"
    ]
  },
  "commandList": {
    "type": "allow",
    "commands": ["ps", "container*", "image*"]
  }
}`);
    expect(images(file)).toEqual(['docker:cli', 'your-registry.com/ci-tools/*:*']);
    expect(commandList(file)).toEqual({ type: 'allow', commands: ['ps', 'container*', 'image*'] });
  });

  it('development', () => {
    const file = inSection(`"dockerSocketMount": {
  "imageList": {
    "images": [
      "docker:dind",
      "docker:cli"
    ]
  },
  "commandList": {
    "type": "deny",
    "commands": ["system*"]
  }
}`);
    expect(images(file)).toEqual(['docker:dind', 'docker:cli']);
    expect(commandList(file)).toEqual({ type: 'deny', commands: ['system*'] });
  });
});
