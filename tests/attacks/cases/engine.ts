import { exists } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { creating } from '../build-attack/container-attacks.ts';
import { COMMAND, either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import { busybox, tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';

const refusal = either(wayOut('swarm'), MOUNT, COMMAND);
const SWARM = { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' };

/** The engine is a swarm of one for the time of the run. */
async function swarm(run: Run): Promise<void> {
  run.undo(() => run.engine.undo('POST', '/swarm/leave?force=1'));
  await run.engine.have('POST', '/swarm/init', SWARM);
}

/** An object of the swarm's, by the run's name. */
function object(id: string, title: string, collection: string, body: (run: Run) => object): Attack {
  return {
    id,
    title,
    prepare: swarm,
    attempt: (door, run) => door.send(post(`/${collection}/create`, { Name: run.name, ...body(run) })),
    happened: (run) => exists(run, `/${collection}/${run.name}`),
    refusal,
  };
}

const task = (run: Run, more: object = {}) => ({
  TaskTemplate: { ContainerSpec: { Image: run.stage.image, ...more } },
  Mode: { Replicated: { Replicas: 0 } },
});

/** A plugin that is nothing but a root file system with a folder of the host. */
function pluginTar(run: Run): Promise<Buffer> {
  const config = {
    description: 'x',
    documentation: '',
    entrypoint: ['/bin/busybox', 'sleep', '600'],
    interface: { types: ['docker.logdriver/1.0'], socket: 'x.sock' },
    network: { type: 'host' },
    linux: { capabilities: ['CAP_SYS_ADMIN'] },
    mounts: [
      { name: 'x', source: run.outside, destination: '/x', type: 'bind', options: ['rbind'], settable: ['source'] },
    ],
    env: [{ name: 'A', value: 'b', settable: ['value'] }],
  };
  return tarOf({ 'config.json': JSON.stringify(config), ...busybox('rootfs/') });
}

interface PluginSettings {
  readonly Settings: { readonly Env: readonly string[] | null };
}

const pluginName = (run: Run): string => `${run.name}:latest`;

async function plugin(run: Run): Promise<void> {
  removePlugin(run);
  const path = `/plugins/create?name=${pluginName(run)}`;
  const { status, text } = await run.engine.door.send({ method: 'POST', path, tar: await pluginTar(run) });
  if (status !== 204) throw new Error(`no plugin could be made: ${text}`);
}

function removePlugin(run: Run): void {
  run.undo(() => run.engine.undo('DELETE', `/plugins/${pluginName(run)}?force=1`));
}

/** A create whose log driver has the engine dial or write something. */
function logging(id: string, title: string, Type: string, Config: (run: Run) => object, quick = false): Attack {
  return creating({
    id,
    title,
    quick,
    body: (run) => ({ HostConfig: { LogConfig: { Type, Config: Config(run) } } }),
    holds: ({ LogConfig }) => (LogConfig as { Type?: string } | undefined)?.Type === Type,
    refusal: either(wayOut('log-driver'), MOUNT),
  });
}

export const engine: AttackClass = {
  name: 'engine',
  forbids: 'the engine itself is changed: its swarm, its plugins, what it logs to, its checkpoints',
  attacks: [
    {
      id: 'swarm-init',
      title: 'makes the engine a swarm',
      prepare: (run) => run.undo(() => run.engine.undo('POST', '/swarm/leave?force=1')),
      attempt: (door) => door.send(post('/swarm/init', SWARM)),
      happened: (run) => exists(run, '/swarm'),
      refusal,
    },
    object('service', 'creates a service', 'services', (run) => task(run)),
    object('service-mount', 'creates a service with the folder of the socket', 'services', (run) =>
      task(run, { Mounts: [{ Type: 'bind', Source: run.engine.socket, Target: '/x' }] }),
    ),
    object('secret', 'keeps a secret in the swarm', 'secrets', () => ({ Data: 'eA==' })),
    object('config', 'keeps a setting in the swarm', 'configs', () => ({ Data: 'eA==' })),
    {
      id: 'service-update',
      title: 'gives a service of somebody else another command',
      async prepare(run) {
        await swarm(run);
        await run.engine.have('POST', '/services/create', { Name: run.name, ...task(run) });
      },
      async attempt(door, run) {
        const service = await run.engine.find<{ Version: { Index: number } }>(`/services/${run.name}`);
        const changed = { Name: run.name, ...task(run, { Command: ['/changed'] }) };
        await door.send(post(`/services/${run.name}/update?version=${service?.Version.Index}`, changed));
      },
      happened: async (run) => JSON.stringify(await run.engine.find(`/services/${run.name}`)).includes('/changed'),
      refusal,
    },
    {
      id: 'swarm-leave',
      title: 'has the engine leave its swarm',
      prepare: swarm,
      attempt: (door) => door.send(post('/swarm/leave?force=1')),
      happened: async (run) => !(await exists(run, '/swarm')),
      refusal,
    },
    {
      id: 'plugin-create',
      title: 'creates a plugin',
      quick: true,
      prepare: removePlugin,
      attempt: async (door, run) =>
        door.send({ method: 'POST', path: `/plugins/create?name=${pluginName(run)}`, tar: await pluginTar(run) }),
      happened: (run) => exists(run, `/plugins/${pluginName(run)}/json`),
      refusal: either(wayOut('plugins'), MOUNT, COMMAND),
    },
    {
      id: 'plugin-set',
      title: 'changes a plugin of somebody else',
      prepare: plugin,
      attempt: (door, run) => door.send(post(`/plugins/${pluginName(run)}/set`, ['A=changed'])),
      happened: async (run) =>
        (await run.engine.find<PluginSettings>(`/plugins/${pluginName(run)}/json`))?.Settings.Env?.includes(
          'A=changed',
        ) ?? false,
      refusal: either(wayOut('plugins'), MOUNT, COMMAND),
    },
    {
      id: 'plugin-delete',
      title: 'removes a plugin of somebody else',
      prepare: plugin,
      attempt: (door, run) => door.send({ method: 'DELETE', path: `/plugins/${pluginName(run)}` }),
      happened: async (run) => !(await exists(run, `/plugins/${pluginName(run)}/json`)),
      refusal: either(wayOut('plugins'), COMMAND),
    },
    logging(
      'log-syslog',
      'logs to a socket of the host',
      'syslog',
      (run) => ({ 'syslog-address': `unix://${run.engine.socket}` }),
      true,
    ),
    logging('log-fluentd', 'has the engine dial its own socket for a log', 'fluentd', (run) => ({
      'fluentd-address': `unix://${run.engine.socket}`,
      'fluentd-async': 'true',
    })),
    logging('log-gelf', "logs to a port of the host's", 'gelf', () => ({ 'gelf-address': 'tcp://127.0.0.1:2375' })),
    logging('log-splunk', 'has the engine send a log to a server of its choice', 'splunk', () => ({
      'splunk-token': 'x',
      'splunk-url': 'http://127.0.0.1:2375',
      'splunk-verify-connection': 'false',
    })),
    {
      id: 'checkpoint',
      title: 'keeps a container in a folder of the host',
      async attempt(door, run) {
        await door.send(create(run, {}));
        await door.send(act(run, 'start'));
        await door.send(act(run, 'checkpoints', { CheckpointID: 'x', CheckpointDir: run.outside, Exit: false }));
      },
      happened: async (run) => exists(run, `/containers/${run.name}/checkpoints?dir=${run.outside}`),
      refusal: either(wayOut('checkpoints'), COMMAND),
    },
  ],
};
