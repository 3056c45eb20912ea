import type { CommandEntry } from './command.ts';

/** `docker volume …`, `docker network …`, `docker system …`, `docker plugin …`, `docker login`, `docker inspect`. */
export const systemCommands: readonly CommandEntry[] = [
  ['volume create', [], { defining: ['VolumeCreate'] }],
  ['volume inspect', [], { defining: ['VolumeInspect'] }],
  ['volume ls', ['volume list'], { defining: ['VolumeList'] }],
  ['volume prune', [], { defining: ['VolumePrune'] }],
  ['volume rm', ['volume remove'], { defining: ['VolumeDelete'] }],
  ['volume update', [], { defining: ['VolumeUpdate'], needs: ['VolumeInspect'] }],

  ['network connect', [], { defining: ['NetworkConnect'] }],
  ['network create', [], { defining: ['NetworkCreate'] }],
  ['network disconnect', [], { defining: ['NetworkDisconnect'] }],
  ['network inspect', [], { defining: ['NetworkInspect'] }],
  ['network ls', ['network list'], { defining: ['NetworkList'] }],
  ['network prune', [], { defining: ['NetworkPrune'] }],
  ['network rm', ['network remove'], { defining: ['NetworkDelete'], needs: ['NetworkInspect'] }],

  ['system df', [], { defining: ['SystemDataUsage'] }],
  ['system events', ['events'], { defining: ['SystemEvents'] }],
  ['system info', ['info'], { defining: ['SystemInfo'] }],
  [
    'system prune',
    [],
    {
      defining: ['ContainerPrune', 'NetworkPrune', 'ImagePrune', 'BuildPrune', 'VolumePrune'],
      sometimes: ['VolumePrune'],
    },
  ],

  ['plugin create', [], { defining: ['PluginCreate'] }],
  ['plugin disable', [], { defining: ['PluginDisable'] }],
  ['plugin enable', [], { defining: ['PluginEnable'] }],
  ['plugin inspect', [], { defining: ['PluginInspect'] }],
  [
    'plugin install',
    [],
    {
      defining: ['PluginPull'],
      needs: ['PluginPrivileges'],
      sometimes: ['PluginSet', 'PluginEnable', 'PluginDelete'],
    },
  ],
  ['plugin ls', ['plugin list'], { defining: ['PluginList'] }],
  ['plugin push', [], { defining: ['PluginPush'] }],
  ['plugin rm', ['plugin remove'], { defining: ['PluginDelete'] }],
  ['plugin set', [], { defining: ['PluginSet'] }],
  ['plugin upgrade', [], { defining: ['PluginUpgrade'], needs: ['PluginInspect', 'PluginPrivileges'] }],

  ['login', [], { defining: ['SystemAuth'] }],
  [
    'inspect',
    [],
    {
      defining: [
        'ContainerInspect',
        'ImageInspect',
        'NetworkInspect',
        'VolumeInspect',
        'PluginInspect',
        'ServiceInspect',
        'TaskInspect',
        'NodeInspect',
        'SecretInspect',
        'ConfigInspect',
      ],
      sometimes: [
        'ContainerInspect',
        'ImageInspect',
        'NetworkInspect',
        'VolumeInspect',
        'PluginInspect',
        'ServiceInspect',
        'TaskInspect',
        'NodeInspect',
        'SecretInspect',
        'ConfigInspect',
        'SystemInfo',
      ],
      note: 'Asks one kind of object after the other until one has the name.',
    },
  ],
];
