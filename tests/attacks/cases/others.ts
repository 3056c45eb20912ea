import { exists, inspect, isOnHost, printed } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { wasStarted } from '../build-attack/container-attacks.ts';
import { either, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import { decoy } from '../stage/decoy.ts';
import { tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { marker, SECRET, STRONG, strong } from '../stage/strong.ts';
import type { Conversation } from '../wire/conversation.ts';
import type { Door } from '../wire/door.ts';
import { head } from '../wire/message.ts';
import { slowly } from '../wire/slowly.ts';

const refusal = either(wayOut('stronger-container', 'restart-policy'), MOUNT);
const strongName = (run: Run): string => `/containers/${run.name}-strong`;
const TOUCH = ['/bin/busybox', 'touch', '/outside/marker'];

type Described = Pick<Attack, 'id' | 'title' | 'quick'>;

/** Something is done in or to the strong container, which shows on the host as a marker. */
function marking(
  described: Described,
  attempt: Attack['attempt'],
  prepare: Attack['prepare'] = (run) => strong(run),
): Attack {
  return { ...described, prepare, attempt, happened: (run) => isOnHost(marker(run)), refusal };
}

/** Attached, so that what starts it is answered when the program has ended. */
const EXEC = { Cmd: TOUCH, AttachStdout: true };

async function exec(door: Door, container: string): Promise<void> {
  const made = await door.send(post(`${container}/exec`, EXEC));
  if (made.status === 201) await startExec(door, (JSON.parse(made.text) as { Id: string }).Id);
}

async function startExec(door: Door, id: string): Promise<void> {
  await door.send(post(`/exec/${id}/start`, { Detach: false }));
}

const STREAMS = 'stream=1&stdin=1&stdout=1';

/** Input for the shell of the strong container, over a stream that the engine hands over. */
async function type(door: Door, run: Run, ...fields: readonly string[]): Promise<void> {
  const conversation = door.open();
  const line = `POST ${strongName(run)}/attach?${STREAMS} HTTP/1.1`;
  conversation.write(head([line, 'Host: docker', 'Content-Length: 0', ...fields]));
  await goOnTyping(conversation, door);
}

async function goOnTyping(conversation: Conversation, door: Door): Promise<void> {
  const answer = await conversation.until('Content-Type');
  door.hear(answer);
  if (/^HTTP\/1\.1 (?:101|200)/m.test(answer)) {
    conversation.write('/bin/busybox touch /outside/marker; exit\n');
    await conversation.rest();
  }
  conversation.destroy();
}

export const others: AttackClass = {
  name: 'others',
  forbids: 'the attacker uses what a stronger container of somebody else holds',
  attacks: [
    marking({ id: 'exec', title: 'runs a program in it', quick: true }, (door, run) => exec(door, strongName(run))),
    marking({ id: 'exec-by-id', title: 'runs a program in it, by a piece of its ID' }, (door, run) =>
      exec(door, `/containers/${run.kept.get('strong')?.slice(0, 10)}`),
    ),
    marking(
      { id: 'exec-made-by-others', title: 'starts an exec that somebody else has made' },
      (door, run) => startExec(door, run.kept.get('exec') ?? ''),
      async (run) => {
        await strong(run);
        const { text } = await run.engine.have('POST', `${strongName(run)}/exec`, EXEC);
        run.kept.set('exec', (JSON.parse(text) as { Id: string }).Id);
      },
    ),
    marking({ id: 'attach', title: 'types into its shell' }, (door, run) =>
      type(door, run, 'Connection: Upgrade', 'Upgrade: tcp'),
    ),
    marking({ id: 'attach-plain', title: 'types into its shell without asking for an upgrade' }, (door, run) =>
      type(door, run),
    ),
    marking(
      { id: 'attach-decoy', title: 'attaches to a container that is another one when the body has arrived' },
      async (door, run) => {
        const { name, remove } = await decoy(door, run);
        const request = post(`/containers/${name}/attach?${STREAMS}`, {});
        await goOnTyping(await slowly(door, request, remove), door);
      },
    ),
    marking({ id: 'copy-in', title: 'writes into its folder of the host', quick: true }, async (door, run) =>
      door.send({ method: 'PUT', path: `${strongName(run)}/archive?path=/outside`, tar: await tarOf({ marker: 'x' }) }),
    ),
    marking(
      { id: 'start', title: 'starts it' },
      (door, run) => door.send(post(`${strongName(run)}/start`)),
      (run) => strongTask(run),
    ),
    marking(
      { id: 'restart', title: 'starts it by a restart' },
      (door, run) => door.send(post(`${strongName(run)}/restart?t=0`)),
      (run) => strongTask(run),
    ),
    marking(
      { id: 'change-and-start', title: 'puts a program of its own into it before its start' },
      async (door, run) => {
        const tar = await tarOf({ task: '#!/bin/sh\n/bin/busybox touch /outside/marker\n' });
        await door.send({ method: 'PUT', path: `${strongName(run)}/archive?path=/`, tar });
        await run.engine.have('POST', `${strongName(run)}/start`);
        await run.engine.have('POST', `${strongName(run)}/wait`);
      },
      (run) => strongTask(run, ['/bin/sh', '-c', '[ ! -e /task ] || /bin/sh /task']),
    ),
    {
      id: 'copy-out',
      title: 'reads its folder of the host',
      prepare: (run) => strong(run),
      async attempt(door, run) {
        const { text } = await door.send({ method: 'GET', path: `${strongName(run)}/archive?path=/outside/secret` });
        run.kept.set('read', text);
      },
      happened: async (run) => run.kept.get('read')?.includes(SECRET) ?? false,
      refusal,
    },
    {
      id: 'export',
      title: 'reads its root file system',
      prepare: (run) => strongWithSecret(run),
      async attempt(door, run) {
        const { text } = await door.send({ method: 'GET', path: `${strongName(run)}/export` });
        run.kept.set('read', text);
      },
      happened: async (run) => run.kept.get('read')?.includes(SECRET) ?? false,
      refusal,
    },
    {
      id: 'commit',
      title: 'makes an image of it',
      quick: true,
      prepare: (run) => strongWithSecret(run),
      attempt: (door, run) => door.send(post(`/commit?container=${run.name}-strong&repo=${run.name}&tag=latest`)),
      happened: (run) => exists(run, `/images/${run.name}:latest/json`),
      refusal,
    },
    {
      id: 'volumes-from',
      title: 'takes its folder of the host',
      prepare: (run) => strong(run),
      async attempt(door, run) {
        await door.send(
          create(run, {
            Cmd: ['/bin/busybox', 'cat', '/outside/secret'],
            HostConfig: { VolumesFrom: [`${run.name}-strong`] },
          }),
        );
        await door.send(act(run, 'start'));
      },
      happened: async (run) => (await printed(run)).includes(SECRET),
      refusal,
    },
    {
      id: 'own-volume',
      title: 'writes into a volume that it runs programs from',
      prepare: (run) => strong(run, { hostConfig: { Binds: [`${run.name}:/programs`] } }),
      async attempt(door, run) {
        await door.send(
          create(run, { Cmd: ['/bin/busybox', 'touch', '/x/program'], HostConfig: { Binds: [`${run.name}:/x`] } }),
        );
        await door.send(act(run, 'start'));
      },
      happened: (run) => wasStarted(run),
      refusal,
    },
    {
      id: 'exec-privileged',
      title: 'runs a privileged program in a container of its own',
      async attempt(door, run) {
        await door.send(create(run, {}));
        await door.send(act(run, 'start'));
        const made = await door.send(act(run, 'exec', { Cmd: ['/bin/busybox', 'true'], Privileged: true }));
        run.kept.set('exec', made.status === 201 ? (JSON.parse(made.text) as { Id: string }).Id : 'none');
      },
      happened: (run) => exists(run, `/exec/${run.kept.get('exec')}/json`),
      refusal: wayOut('privileged'),
    },
    {
      id: 'update',
      title: 'gives it a restart policy',
      prepare: (run) => strong(run),
      attempt: (door, run) => door.send(post(`${strongName(run)}/update`, { RestartPolicy: { Name: 'always' } })),
      happened: restarts,
      refusal,
    },
  ],
};

async function restarts(run: Run): Promise<boolean> {
  const policy = (await inspect(run, '-strong'))?.HostConfig.RestartPolicy as { Name?: string } | undefined;
  return policy?.Name === 'always';
}

/** A strong container that was not started yet, and does something at its start. */
async function strongTask(run: Run, Cmd: readonly string[] = TOUCH): Promise<void> {
  const HostConfig = { ...STRONG, Binds: [`${run.outside}:/outside`] };
  const { path, json } = create(run, { Cmd, HostConfig }, { ending: '-strong' });
  await run.engine.have('POST', path, json);
}

/** A strong container with a secret in its own file system. */
async function strongWithSecret(run: Run): Promise<void> {
  await strong(run, { started: false });
  const tar = await tarOf({ secret: SECRET });
  await run.engine.door.send({ method: 'PUT', path: `${strongName(run)}/archive?path=/`, tar });
}
