import { exists, inspect } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { creating, wasStarted } from '../build-attack/container-attacks.ts';
import { wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import { strong } from '../stage/strong.ts';

type HostConfig = Readonly<Record<string, unknown>>;

/** A create in a namespace of the host's. */
function host(field: string, kind: string, title: string, quick = false): Attack {
  return creating({
    id: kind,
    title,
    quick,
    body: () => ({ HostConfig: { [field]: 'host' } }),
    holds: (config: HostConfig) => config[field] === 'host',
    refusal: wayOut(kind),
  });
}

/** A create in a namespace of a stronger container's. */
function joining(field: string, id: string, name: (run: Run) => string, title: string, quick = false): Attack {
  return {
    id,
    title,
    quick,
    prepare: (run) => strong(run),
    async attempt(door, run) {
      await door.send(create(run, { HostConfig: { [field]: `container:${name(run)}` } }));
      await door.send(act(run, 'start'));
    },
    happened: (run) => wasStarted(run),
    refusal: wayOut('joined-namespaces', 'stronger-container'),
  };
}

/** A network of the run's name. */
function network(id: string, title: string, body: object): Attack {
  return {
    id,
    title,
    attempt: (door, run) => door.send(post('/networks/create', { Name: run.name, CheckDuplicate: true, ...body })),
    happened: (run) => exists(run, `/networks/${run.name}`),
    refusal: wayOut('network-driver'),
  };
}

const byName = (run: Run): string => `${run.name}-strong`;

export const namespaces: AttackClass = {
  name: 'namespaces',
  forbids: "a container lives in namespaces of the host's or of a stronger container's",
  attacks: [
    host('PidMode', 'host-pid', 'sees the processes of the host', true),
    host('IpcMode', 'host-ipc', 'shares memory with the host'),
    host('UTSMode', 'host-uts', "may change the host's name"),
    host('CgroupnsMode', 'host-cgroup', 'sees the cgroups of the host'),
    host('UsernsMode', 'host-users', 'has the users of the host'),
    host('NetworkMode', 'host-network', 'has the network of the host', true),
    {
      id: 'host-endpoint',
      title: 'has the network of the host by an endpoint alone',
      async attempt(door, run) {
        await door.send(create(run, { NetworkingConfig: { EndpointsConfig: { host: {} } } }));
        await door.send(act(run, 'start'));
      },
      happened: isInHostNetwork,
      refusal: wayOut('host-network'),
    },
    {
      id: 'connect-host',
      title: 'is connected to the network of the host later',
      async attempt(door, run) {
        await door.send(create(run, { HostConfig: { NetworkMode: 'none' } }));
        await door.send(post('/networks/none/disconnect', { Container: run.name }));
        await door.send(post('/networks/host/connect', { Container: run.name }));
      },
      happened: hasHostEndpoint,
      refusal: wayOut('host-network'),
    },
    joining('PidMode', 'join-pid', byName, 'sees the processes of a stronger container'),
    joining('IpcMode', 'join-ipc', byName, 'shares memory with a stronger container'),
    joining('NetworkMode', 'join-network', byName, 'has the network of a stronger container'),
    joining(
      'PidMode',
      'join-by-id',
      (run) => run.kept.get('strong')?.slice(0, 12) ?? '',
      'names the stronger container by a piece of its ID',
    ),
    network('macvlan', "makes a network on a card of the host's", {
      Driver: 'macvlan',
      Options: { parent: 'docker0', macvlan_mode: 'bridge' },
    }),
    network('ipvlan', "makes an ipvlan on a card of the host's", { Driver: 'ipvlan', Options: { parent: 'docker0' } }),
    network('macvlan-internal', 'makes a macvlan without a parent', { Driver: 'macvlan', Internal: true }),
  ],
};

/** The engine keeps the host's own network under this name (libnetwork's default sandbox). */
async function isInHostNetwork(run: Run): Promise<boolean> {
  const settings = ((await inspect(run)) as { NetworkSettings?: { SandboxKey?: string } } | undefined)?.NetworkSettings;
  return settings?.SandboxKey?.endsWith('/netns/default') ?? false;
}

async function hasHostEndpoint(run: Run): Promise<boolean> {
  const container = (await inspect(run)) as { NetworkSettings?: { Networks?: object } } | undefined;
  return 'host' in (container?.NetworkSettings?.Networks ?? {});
}
