import type { OperationId } from '../engine-api/operation.ts';
import type { CommandEntry } from './command.ts';

/** What the CLI asks to turn names into IDs and to pin the image, before a service is created or changed. */
const resolving: readonly OperationId[] = ['DistributionInspect', 'NetworkInspect', 'SecretList', 'ConfigList'];

/** What it asks afterwards, unless detached, until the service has converged. */
const watching: readonly OperationId[] = ['TaskList', 'NodeList'];

const nodeChange = { defining: ['NodeUpdate'], needs: ['NodeInspect'] } as const;

/** `docker swarm …`, `docker node …`, `docker service …`, `docker secret …`, `docker config …`. */
export const swarmCommands: readonly CommandEntry[] = [
  ['swarm ca', [], { defining: ['SwarmInspect'], sometimes: ['SwarmUpdate'] }],
  ['swarm init', [], { defining: ['SwarmInit'], sometimes: ['SwarmInspect', 'NodeInspect', 'SwarmUnlockKey'] }],
  ['swarm join', [], { defining: ['SwarmJoin'], sometimes: ['SystemInfo'] }],
  [
    'swarm join-token',
    [],
    { defining: ['SwarmInspect'], needs: ['SystemInfo', 'NodeInspect'], sometimes: ['SwarmUpdate'] },
  ],
  ['swarm leave', [], { defining: ['SwarmLeave'] }],
  ['swarm unlock', [], { defining: ['SwarmUnlock'], needs: ['SystemInfo'] }],
  ['swarm unlock-key', [], { defining: ['SwarmUnlockKey'], sometimes: ['SwarmInspect', 'SwarmUpdate'] }],
  ['swarm update', [], { defining: ['SwarmUpdate'], needs: ['SwarmInspect'], sometimes: ['SwarmUnlockKey'] }],

  ['node demote', [], nodeChange],
  ['node inspect', [], { defining: ['NodeInspect'], sometimes: ['SystemInfo'] }],
  ['node ls', ['node list'], { defining: ['NodeList'], needs: ['SystemInfo'] }],
  ['node promote', [], nodeChange],
  ['node ps', [], { defining: ['TaskList'], needs: ['NodeInspect', 'SystemInfo'], sometimes: ['ServiceInspect'] }],
  ['node rm', ['node remove'], { defining: ['NodeDelete'] }],
  ['node update', [], nodeChange],

  ['service create', [], { defining: ['ServiceCreate'], sometimes: [...resolving, ...watching, 'ServiceInspect'] }],
  ['service inspect', [], { defining: ['ServiceInspect'], sometimes: ['NetworkInspect'] }],
  [
    'service logs',
    [],
    {
      defining: ['ServiceLogs', 'TaskLogs'],
      needs: ['ServiceInspect'],
      sometimes: ['TaskLogs', 'TaskInspect', 'NodeInspect'],
    },
  ],
  ['service ls', ['service list'], { defining: ['ServiceList'], sometimes: ['TaskList', 'NodeList'] }],
  [
    'service ps',
    [],
    {
      defining: ['TaskList'],
      needs: ['ServiceList'],
      sometimes: ['ServiceInspect', 'NodeInspect', 'SystemInfo'],
    },
  ],
  ['service rm', ['service remove'], { defining: ['ServiceDelete'] }],
  ['service rollback', [], { defining: ['ServiceUpdate'], needs: ['ServiceInspect'], sometimes: watching }],
  ['service scale', [], { defining: ['ServiceUpdate'], needs: ['ServiceInspect'], sometimes: watching }],
  [
    'service update',
    [],
    { defining: ['ServiceUpdate'], needs: ['ServiceInspect'], sometimes: [...resolving, ...watching] },
  ],

  ['secret create', [], { defining: ['SecretCreate'] }],
  ['secret inspect', [], { defining: ['SecretInspect'] }],
  ['secret ls', ['secret list'], { defining: ['SecretList'] }],
  ['secret rm', ['secret remove'], { defining: ['SecretDelete'] }],

  ['config create', [], { defining: ['ConfigCreate'] }],
  ['config inspect', [], { defining: ['ConfigInspect'] }],
  ['config ls', ['config list'], { defining: ['ConfigList'] }],
  ['config rm', ['config remove'], { defining: ['ConfigDelete'] }],
];
