import type { CommandEntry } from './command.ts';

/** `docker container …` and `docker checkpoint …`. */
export const containerCommands: readonly CommandEntry[] = [
  [
    'container attach',
    ['attach'],
    {
      defining: ['ContainerAttach', 'ContainerAttachWebSocket'],
      needs: ['ContainerInspect', 'ContainerWait'],
      sometimes: ['ContainerAttachWebSocket', 'ContainerResize', 'ContainerKill'],
    },
  ],
  ['container commit', ['commit'], { defining: ['ContainerCommit'] }],
  [
    'container cp',
    ['cp'],
    {
      defining: ['ContainerArchiveInfo', 'ContainerArchiveGet', 'ContainerArchivePut', 'ContainerCopy'],
      sometimes: ['ContainerCopy'],
    },
  ],
  ['container create', ['create'], { defining: ['ContainerCreate'], note: 'An image that is absent is not pulled.' }],
  ['container diff', ['diff'], { defining: ['ContainerChanges'] }],
  [
    'container exec',
    ['exec'],
    {
      defining: ['ContainerExec', 'ExecStart', 'ExecInspect', 'ExecResize'],
      needs: ['ContainerInspect'],
      sometimes: ['ExecResize'],
    },
  ],
  ['container export', ['export'], { defining: ['ContainerExport'] }],
  ['container inspect', [], { defining: ['ContainerInspect'] }],
  ['container kill', ['kill'], { defining: ['ContainerKill'] }],
  ['container logs', ['logs'], { defining: ['ContainerLogs'], needs: ['ContainerInspect'] }],
  ['container ls', ['ps', 'container ps', 'container list'], { defining: ['ContainerList'] }],
  ['container pause', ['pause'], { defining: ['ContainerPause'] }],
  ['container port', ['port'], { defining: ['ContainerInspect'] }],
  ['container prune', [], { defining: ['ContainerPrune'] }],
  ['container rename', ['rename'], { defining: ['ContainerRename'] }],
  ['container restart', ['restart'], { defining: ['ContainerRestart'] }],
  ['container rm', ['rm', 'container remove'], { defining: ['ContainerDelete'] }],
  [
    'container run',
    ['run'],
    {
      defining: ['ContainerCreate'],
      own: ['ContainerStart', 'ContainerWait'],
      sometimesOwn: ['ContainerAttach', 'ContainerResize', 'ContainerInspect', 'ContainerKill', 'ContainerDelete'],
      note: 'All but the create only on containers created through the same socket. An image that is absent is not pulled.',
    },
  ],
  [
    'container start',
    ['start'],
    {
      defining: ['ContainerStart'],
      sometimes: ['ContainerInspect', 'ContainerAttach', 'ContainerWait', 'ContainerResize', 'ContainerKill'],
      note: 'More than the start itself only with --attach or --interactive.',
    },
  ],
  [
    'container stats',
    ['stats'],
    { defining: ['ContainerStats'], sometimes: ['ContainerList', 'SystemEvents', 'ContainerInspect'] },
  ],
  ['container stop', ['stop'], { defining: ['ContainerStop'] }],
  ['container top', ['top'], { defining: ['ContainerTop'] }],
  ['container unpause', ['unpause'], { defining: ['ContainerUnpause'] }],
  ['container update', ['update'], { defining: ['ContainerUpdate'] }],
  ['container wait', ['wait'], { defining: ['ContainerWait'] }],
  ['checkpoint create', [], { defining: ['CheckpointCreate'] }],
  ['checkpoint ls', ['checkpoint list'], { defining: ['CheckpointList'] }],
  ['checkpoint rm', ['checkpoint remove'], { defining: ['CheckpointDelete'] }],
];
