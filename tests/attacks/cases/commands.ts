import { exists, inspect, isOnHost } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { pushable, pushed } from '../build-attack/push.ts';
import { COMMAND } from '../build-attack/reasons.ts';
import { create, post } from '../build-attack/requests.ts';
import { tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { callBuildKit, upgraded } from '../wire/grpc.ts';
import type { AttackRequest } from '../wire/message.ts';

interface Denied extends Pick<Attack, 'id' | 'title' | 'quick' | 'prepare' | 'attempt' | 'happened'> {
  /** The docker command that must be denied for this to be an attack. */
  readonly command: string;
  readonly missing?: (run: Run) => string | undefined;
}

function denied({ command, missing, ...attack }: Denied): Attack {
  return {
    ...attack,
    missing: (run) =>
      run.stage.denied.has(command) ? missing?.(run) : `"${command}" is not among the --denied commands`,
    refusal: COMMAND,
  };
}

const noRegistry = ({ stage }: Run): string | undefined =>
  stage.registry === undefined ? 'no --registry was given' : undefined;
const AUTH = `X-Registry-Auth: ${Buffer.from('{}').toString('base64')}`;
const other = (run: Run): string => `/containers/${run.name}-other`;

/** A container that runs; its folder of the host shows what is done in it. */
async function running(run: Run): Promise<void> {
  const { path, json } = create(run, { HostConfig: { Binds: [`${run.folder}:/x`] } }, { ending: '-other' });
  await run.engine.have('POST', path, json);
  await run.engine.have('POST', `${other(run)}/start`);
}

/** A request whose effect is an image of the run's name. */
function imaging(
  command: string,
  id: string,
  title: string,
  request: (run: Run) => AttackRequest | Promise<AttackRequest>,
): Attack {
  return denied({
    id,
    title,
    command,
    prepare: running,
    attempt: async (door, run) => door.send(await request(run)),
    happened: (run) => exists(run, `/images/${run.name}:latest/json`),
  });
}

/** A request whose answer is what must not be had. */
function reading(
  command: string,
  id: string,
  title: string,
  request: (run: Run) => AttackRequest,
  holds: string,
): Attack {
  return denied({
    id,
    title,
    command,
    prepare: running,
    attempt: async (door, run) => {
      const { status, text } = await door.send(request(run));
      run.kept.set('read', status === 200 ? text : '');
    },
    happened: async (run) => run.kept.get('read')?.includes(holds) ?? false,
  });
}

const context = (run: Run): Promise<Buffer> => tarOf({ Dockerfile: `FROM ${run.stage.image}\nLABEL a=b\n` });

async function building(run: Run, query: string): Promise<AttackRequest> {
  return { method: 'POST', path: `/build?${query}t=${run.name}:latest`, tar: await context(run) };
}

export const commands: AttackClass = {
  name: 'commands',
  forbids: 'a docker command that is denied is carried out all the same',
  attacks: [
    denied({
      id: 'push',
      title: 'pushes an image',
      quick: true,
      command: 'push',
      missing: noRegistry,
      prepare: pushable,
      attempt: (door, run) =>
        door.send({
          method: 'POST',
          path: `/images/${run.kept.get('image')}/push?tag=latest`,
          fields: [AUTH, 'Connection: close'],
        }),
      happened: pushed,
    }),
    denied({
      id: 'push-all',
      title: 'pushes all tags of a name, with the credentials in the body as old clients have them',
      command: 'push',
      missing: noRegistry,
      prepare: pushable,
      attempt: (door, run) => door.send(post(`/v1.24/images/${run.kept.get('image')}/push`, {})),
      happened: pushed,
    }),
    imaging('build', 'build', 'builds an image with the classic builder', (run) => building(run, '')),
    imaging('build', 'build-version', 'builds an image, and names the builder', (run) =>
      building(run, 'version=1&q=1&'),
    ),
    denied({
      id: 'build-grpc',
      title: 'speaks with BuildKit over /grpc',
      quick: true,
      command: 'build',
      attempt: async (door, run) => {
        const answered = await callBuildKit(door, '/moby.buildkit.v1.Control/ListWorkers');
        run.kept.set('answered', `${answered}`);
      },
      happened: async (run) => run.kept.get('answered') === 'true',
    }),
    denied({
      id: 'build-session',
      title: 'opens a session for BuildKit, over which it asks for files',
      command: 'build',
      async attempt(door, run) {
        const session = { 'X-Docker-Expose-Session-Uuid': run.name, 'X-Docker-Expose-Session-Name': run.name };
        const socket = await upgraded(door, '/session', session);
        const first = socket && (await new Promise((resolve) => socket.once('data', resolve).once('close', resolve)));
        run.kept.set('first', `${first}`);
        socket?.destroy();
      },
      happened: async (run) => run.kept.get('first')?.startsWith('PRI * HTTP/2.0') ?? false,
    }),
    denied({
      id: 'exec',
      title: 'runs a program in a container',
      command: 'exec',
      prepare: running,
      async attempt(door, run) {
        const Cmd = ['/bin/busybox', 'touch', '/x/marker'];
        const { status, text } = await door.send(post(`${other(run)}/exec`, { Cmd, AttachStdout: true }));
        const id = status === 201 ? (JSON.parse(text) as { Id: string }).Id : 'none';
        await door.send(post(`/exec/${id}/start`, {}));
      },
      happened: (run) => isOnHost(`${run.folder}/marker`),
    }),
    denied({
      id: 'exec-start',
      title: 'starts a program that somebody else has prepared',
      command: 'exec',
      async prepare(run) {
        await running(run);
        const Cmd = ['/bin/busybox', 'touch', '/x/marker'];
        const { text } = await run.engine.have('POST', `${other(run)}/exec`, { Cmd, AttachStdout: true });
        run.kept.set('exec', (JSON.parse(text) as { Id: string }).Id);
      },
      attempt: (door, run) => door.send(post(`/exec/${run.kept.get('exec')}/start`, {})),
      happened: (run) => isOnHost(`${run.folder}/marker`),
    }),
    denied({
      id: 'copy-in',
      title: 'copies a file into a container',
      command: 'cp',
      prepare: running,
      attempt: async (door, run) =>
        door.send({ method: 'PUT', path: `${other(run)}/archive?path=/x`, tar: await tarOf({ marker: 'x' }) }),
      happened: (run) => isOnHost(`${run.folder}/marker`),
    }),
    reading(
      'cp',
      'copy-out',
      'copies a file out of a container',
      (run) => ({ method: 'GET', path: `${other(run)}/archive?path=/bin/sh` }),
      'busybox',
    ),
    imaging('commit', 'commit', 'makes an image of a container', (run) =>
      post(`/commit?container=${run.name}-other&repo=${run.name}&tag=latest`),
    ),
    reading(
      'save',
      'save',
      'takes an image away',
      (run) => ({ method: 'GET', path: `/images/${run.stage.image}/get` }),
      'manifest.json',
    ),
    reading(
      'save',
      'save-many',
      'takes images away by a list',
      (run) => ({ method: 'GET', path: `/images/get?names=${run.stage.image}` }),
      'manifest.json',
    ),
    imaging('import', 'import', 'makes an image of an archive', async (run) => ({
      method: 'POST',
      path: `/images/create?fromSrc=-&repo=${run.name}&tag=latest`,
      tar: await tarOf({ a: 'b' }),
    })),
    denied({
      id: 'rename',
      title: 'gives a container another name',
      command: 'rename',
      prepare: running,
      attempt: (door, run) => door.send(post(`${other(run)}/rename?name=${run.name}-renamed`)),
      happened: async (run) => (await inspect(run, '-renamed')) !== undefined,
    }),
    denied({
      id: 'kill',
      title: 'kills a container',
      command: 'kill',
      prepare: running,
      attempt: (door, run) => door.send(post(`${other(run)}/kill`)),
      happened: async (run) => (await inspect(run, '-other'))?.State.Status === 'exited',
    }),
  ],
};
