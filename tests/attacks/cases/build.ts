import { hostname } from 'node:os';
import { exists } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { COMMAND, either, MALFORMED, wayOut } from '../build-attack/reasons.ts';
import { create } from '../build-attack/requests.ts';
import { decoy } from '../stage/decoy.ts';
import { tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { strong } from '../stage/strong.ts';
import { slowly } from '../wire/slowly.ts';

/** Whatever is denied as a command is refused for that reason, before its parameters count. */
const refusal = either(
  wayOut('local-url', 'host-network', 'joined-namespaces', 'stronger-container', 'cgroup-parent'),
  COMMAND,
);

const imageExists = (run: Run): Promise<boolean> => exists(run, `/images/${run.name}:latest/json`);

function contextOf(run: Run): Promise<Uint8Array> {
  return tarOf({ Dockerfile: `FROM ${run.stage.image}\nRUN ["/bin/busybox", "true"]\n` });
}

/** A build by the classic builder, which runs a program. */
function building(id: string, title: string, query: (run: Run) => string, prepare?: Attack['prepare']): Attack {
  return {
    id,
    title,
    ...(prepare !== undefined && { prepare }),
    attempt: async (door, run) => {
      const path = `/build?t=${run.name}:latest&${query(run)}`;
      return door.send({ method: 'POST', path, tar: await contextOf(run) });
    },
    happened: imageExists,
    refusal,
  };
}

/** A parameter in two ways is refused for that. */
function twice(id: string, title: string, query: () => string): Attack {
  return { ...building(id, title, query), refusal: either(refusal, MALFORMED) };
}

/** Something that only programs of the engine's own network reach: a server on its loopback. Kept as `port`. */
async function localServer(run: Run): Promise<void> {
  const port = 20_000 + (process.pid % 20_000) + Number(run.name.split('-').at(-1));
  const Cmd = ['/bin/busybox', 'httpd', '-f', '-p', `${port}`, '-h', '/www'];
  const { path, json } = create(run, { Cmd, HostConfig: { NetworkMode: 'host' } }, { ending: '-server' });
  await run.engine.have('POST', path, json);
  const Dockerfile = `FROM ${run.stage.image}\nLABEL a=b\n`;
  const files = {
    'www/fs.tar': await tarOf({ a: 'b' }),
    'www/Dockerfile': Dockerfile,
    'www/context.tar': await tarOf({ Dockerfile }),
  };
  await run.engine.door.send({
    method: 'PUT',
    path: `/containers/${run.name}-server/archive?path=/`,
    tar: await tarOf(files),
  });
  await run.engine.have('POST', `/containers/${run.name}-server/start`);
  await untilItServes(run, port);
  run.kept.set('port', `${port}`);
}

async function untilItServes(run: Run, port: number): Promise<void> {
  const script = `until /bin/busybox wget -q -O /dev/null http://127.0.0.1:${port}/Dockerfile; do :; done`;
  const made = await run.engine.have('POST', `/containers/${run.name}-server/exec`, {
    Cmd: ['/bin/busybox', 'sh', '-c', script],
    AttachStdout: true,
  });
  await run.engine.have('POST', `/exec/${(JSON.parse(made.text) as { Id: string }).Id}/start`, {});
}

/** An address that means the engine's own loopback, in a query. */
const at = (run: Run, host: string, file: string): string =>
  encodeURIComponent(`http://${host}:${run.kept.get('port')}/${file}`);

function remote(id: string, title: string, query: (run: Run) => string, quick = false): Attack {
  return {
    id,
    title,
    quick,
    prepare: localServer,
    attempt: (door, run) => door.send({ method: 'POST', path: `/build?t=${run.name}:latest&${query(run)}` }),
    happened: imageExists,
    refusal,
  };
}

function importing(id: string, title: string, host: string, quick = false): Attack {
  return {
    id,
    title,
    quick,
    prepare: localServer,
    attempt: (door, run) =>
      door.send({
        method: 'POST',
        path: `/images/create?fromSrc=${at(run, host, 'fs.tar')}&repo=${run.name}&tag=latest`,
      }),
    happened: imageExists,
    refusal,
  };
}

export const build: AttackClass = {
  name: 'build',
  forbids: "a build or an import uses the engine's own network or what only it can reach",
  attacks: [
    { ...building('host-network', 'builds in the network of the host', () => 'networkmode=host'), quick: true },
    twice(
      'host-network-twice',
      'names the network twice, the harmless one last',
      () => 'networkmode=host&networkmode=none',
    ),
    building(
      'joined-network',
      'builds in the network of a stronger container',
      (run) => `networkmode=container:${run.name}-strong`,
      (run) => strong(run),
    ),
    {
      id: 'network-of-decoy',
      title: 'builds in the network of a container that is another one when the context has arrived',
      quick: true,
      prepare: (run) => strong(run),
      async attempt(door, run) {
        const { name, remove } = await decoy(door, run);
        const path = `/build?t=${run.name}:latest&networkmode=container:${name}`;
        const conversation = await slowly(door, { method: 'POST', path, tar: await contextOf(run) }, remove);
        door.hear(await conversation.rest());
        conversation.destroy();
      },
      happened: imageExists,
    },
    building('cgroup-parent', 'builds in a cgroup of its choice', () => 'cgroupparent=/lk-attack'),
    remote(
      'remote',
      "builds a Dockerfile from the engine's loopback",
      (run) => `remote=${at(run, '127.0.0.1', 'Dockerfile')}`,
    ),
    remote(
      'remote-context',
      "builds an archive from the engine's loopback",
      (run) => `remote=${at(run, 'localhost', 'context.tar')}`,
    ),
    remote(
      'remote-encoded',
      'encodes the key of the address',
      (run) => `%72emote=${at(run, '127.0.0.1', 'Dockerfile')}`,
    ),
    importing('import', "imports from the engine's loopback", '127.0.0.1', true),
    importing('import-name', 'imports from it by name', 'localhost'),
    importing('import-any', 'imports from the address that means any', '0.0.0.0'),
    importing('import-mapped', 'imports from an IPv4 address written as IPv6', '[::ffff:127.0.0.1]'),
    importing('import-block', 'imports from another address of the loopback block', '127.8.9.10'),
    importing('import-number', 'imports from an address that is written as one number', '2130706433'),
    importing('import-wide', 'imports from an address in digits that clients take for ordinary ones', '①②⑦.0.0.1'),
    importing('import-hostname', 'imports from the name that the machine has for itself', hostname()),
    importing('import-ipv6', 'imports from the loopback of IPv6', '[::1]'),
    importing(
      'import-user',
      'imports with a user in the address, so that it looks like another host',
      'docker.io@127.0.0.1',
    ),
  ],
};
