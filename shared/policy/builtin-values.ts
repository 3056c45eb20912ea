import type { PolicyPath, PolicyValues } from './policy.ts';

/** What holds where no settings file says otherwise: enforced, and nobody may have a socket. */
export const builtInValues: PolicyValues = {
  'enhancedContainerIsolation.value': true,
  'enhancedContainerIsolation.dockerSocketMount.imageList.images': [],
  'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages': false,
  'enhancedContainerIsolation.dockerSocketMount.commandList.type': 'deny',
  'enhancedContainerIsolation.dockerSocketMount.commandList.commands': [],
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
};

/** Every value's path, in the order in which people read them. */
export const policyPaths: readonly PolicyPath[] = [
  'enhancedContainerIsolation.value',
  'enhancedContainerIsolation.dockerSocketMount.imageList.images',
  'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages',
  'enhancedContainerIsolation.dockerSocketMount.commandList.type',
  'enhancedContainerIsolation.dockerSocketMount.commandList.commands',
  'lockkeeper.mode',
  'lockkeeper.hostGate.hostEscape',
  'lockkeeper.containerSockets.hostEscape',
  'lockkeeper.containerSockets.allow',
  'lockkeeper.containerSockets.bindFrom',
  'lockkeeper.unknownOperations',
  'lockkeeper.offlineGraceHours',
  'lockkeeper.previousDigestGraceHours',
  'lockkeeper.resolveEveryMinutes',
  'lockkeeper.localImages',
  'lockkeeper.audit.path',
  'lockkeeper.audit.maxMegabytes',
  'lockkeeper.audit.passes',
  'lockkeeper.limits.connectionsPerSocket',
  'lockkeeper.limits.inspectedBodyMegabytes',
  'lockkeeper.limits.heldMegabytes',
];

/** The paths that messages name most, under short names. */
export const paths = {
  enforced: 'enhancedContainerIsolation.value',
  images: 'enhancedContainerIsolation.dockerSocketMount.imageList.images',
  allowDerivedImages: 'enhancedContainerIsolation.dockerSocketMount.imageList.allowDerivedImages',
  commandListType: 'enhancedContainerIsolation.dockerSocketMount.commandList.type',
  commands: 'enhancedContainerIsolation.dockerSocketMount.commandList.commands',
  localImages: 'lockkeeper.localImages',
  allowedEscapes: 'lockkeeper.containerSockets.allow',
  mode: 'lockkeeper.mode',
  unknownOperations: 'lockkeeper.unknownOperations',
} as const satisfies Readonly<Record<string, PolicyPath>>;
