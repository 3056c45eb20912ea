import { describe, expect, it } from 'vitest';
import { FILE, given, imageId, images, mount, problems, read, warnings } from './reading-settings.ts';

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
        hostGate: { hostEscape: 'deny' },
        containerSockets: { hostEscape: 'deny', allow: ['privileged'], bindFrom: ['/srv/work'] },
        unknownOperations: 'pass',
        offlineGraceHours: 24,
        previousDigestGraceHours: 12,
        resolveEveryMinutes: 60,
        localImages: [imageId],
        perImageCommands: {},
        audit: { passes: true },
        limits: { connectionsPerSocket: 200, inspectedBodyMegabytes: 8, heldMegabytes: 64 },
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
      'lockkeeper.mode': 'enforce',
      'lockkeeper.hostGate.hostEscape': 'deny',
      'lockkeeper.containerSockets.hostEscape': 'deny',
      'lockkeeper.containerSockets.allow': ['privileged'],
      'lockkeeper.containerSockets.bindFrom': ['/srv/work'],
      'lockkeeper.unknownOperations': 'pass',
      'lockkeeper.offlineGraceHours': 24,
      'lockkeeper.previousDigestGraceHours': 12,
      'lockkeeper.resolveEveryMinutes': 60,
      'lockkeeper.localImages': [imageId],
      'lockkeeper.audit.passes': true,
      'lockkeeper.limits.connectionsPerSocket': 200,
      'lockkeeper.limits.inspectedBodyMegabytes': 8,
      'lockkeeper.limits.heldMegabytes': 64,
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
