import { exists, holds, sawEngine, tellInode } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { creating, mounting } from '../build-attack/container-attacks.ts';
import { COMMAND, either, MALFORMED, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { act, create, post } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import { strong } from '../stage/strong.ts';

type HostConfig = Readonly<Record<string, unknown>>;

const OLD = '/v1.18';
/** The oldest that engines of today still take. */
const OLDEST_TAKEN = '/v1.24';
const refusal = either(MOUNT, MALFORMED, wayOut('bind-outside', 'unknown-fields'));
const raw = (run: Run): string => `${run.engine.socket}:/x`;

/** Fields of HostConfig at the top of the body, where engines up to 26.1 honour them when there is no HostConfig. */
function top(
  id: string,
  title: string,
  body: object,
  isKept: (kept: HostConfig) => boolean,
  kind: string,
  quick = false,
): Attack {
  return creating({
    id,
    title,
    quick,
    body: () => body,
    holds: isKept,
    refusal: either(wayOut(kind, 'unknown-fields'), MALFORMED),
  });
}

/** A HostConfig that is given with the start, which engines up to 24 honour below API 1.24. */
function atStart(
  id: string,
  title: string,
  version: string,
  hostConfig: (run: Run) => object | string,
  isKept: (kept: HostConfig) => boolean,
): Attack {
  return {
    id,
    title,
    async attempt(door, run) {
      await door.send(create(run, { Cmd: ['/bin/busybox', 'true'] }));
      await door.send({ method: 'POST', path: `${version}/containers/${run.name}/start`, json: hostConfig(run) });
    },
    happened: (run) => holds(run, isKept),
    refusal: either(MALFORMED, MOUNT),
  };
}

const sees = (run: Run) => JSON.stringify(run.engine.socket);

export const legacy: AttackClass = {
  name: 'legacy',
  forbids: 'what only old versions of the API have is honoured by the engine, and not looked at by the filter',
  attacks: [
    mounting({
      id: 'top-binds',
      title: 'binds the socket at the top of the body',
      quick: true,
      body: (run) => ({ Binds: [raw(run)] }),
      at: () => '/x',
      refusal,
    }),
    mounting({
      id: 'top-volumes-from',
      title: 'takes volumes of another container at the top of the body',
      async prepare(run) {
        const { path, json } = create(run, { HostConfig: { Binds: [raw(run)] } }, { ending: '-holder' });
        await run.engine.have('POST', path, json);
      },
      body: (run) => ({ VolumesFrom: [`${run.name}-holder`] }),
      at: () => '/x',
      refusal: either(refusal, wayOut('stronger-container')),
    }),
    mounting({
      id: 'null-host-config',
      title: 'binds it at the top, beside a HostConfig that is null',
      body: (run) => ({ HostConfig: null, Binds: [raw(run)] }),
      at: () => '/x',
      refusal,
    }),
    {
      id: 'top-folded',
      title: 'binds it at the top in another case',
      async attempt(door, run) {
        const Cmd = JSON.stringify(tellInode('/x'));
        const body = `{"image":${JSON.stringify(run.stage.image)},"cmd":${Cmd},"binds":[${JSON.stringify(raw(run))}]}`;
        await door.send(create(run, body));
        await door.send(act(run, 'start'));
      },
      happened: (run) => sawEngine(run),
      refusal,
    },
    top(
      'top-privileged',
      'is privileged at the top of the body',
      { Privileged: true },
      ({ Privileged }) => Privileged === true,
      'privileged',
      true,
    ),
    top(
      'top-capability',
      'adds a capability at the top of the body',
      { CapAdd: ['SYS_ADMIN'] },
      ({ CapAdd }) => Array.isArray(CapAdd),
      'capabilities',
    ),
    top(
      'top-host-network',
      'has the network of the host, at the top of the body',
      { NetworkMode: 'host' },
      ({ NetworkMode }) => NetworkMode === 'host',
      'host-network',
    ),
    top(
      'top-host-pid',
      'sees the processes of the host, at the top of the body',
      { PidMode: 'host' },
      ({ PidMode }) => PidMode === 'host',
      'host-pid',
    ),
    top(
      'top-device',
      'gets a device at the top of the body',
      { Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }] },
      ({ Devices }) => Array.isArray(Devices) && Devices.length > 0,
      'devices',
    ),
    top(
      'top-security',
      'is without seccomp, at the top of the body',
      { SecurityOpt: ['seccomp=unconfined'] },
      ({ SecurityOpt }) => Array.isArray(SecurityOpt),
      'security-options',
    ),
    creating({
      id: 'old-version',
      title: 'is privileged by the oldest version of create',
      version: OLDEST_TAKEN,
      body: () => ({ HostConfig: { Privileged: true } }),
      holds: ({ Privileged }) => Privileged === true,
      refusal: wayOut('privileged'),
    }),
    atStart(
      'start-binds',
      'binds the socket with its start',
      OLD,
      (run) => ({ Binds: [raw(run)] }),
      ({ Binds }) => Array.isArray(Binds) && Binds.length > 0,
    ),
    atStart(
      'start-privileged',
      'becomes privileged with its start',
      '/v1.23',
      () => ({ Privileged: true }),
      ({ Privileged }) => Privileged === true,
    ),
    atStart(
      'start-folded',
      'binds it with its start in another case',
      OLD,
      (run) => `{"bind\u017f":[${sees(run).replace(/"$/, ':/x"')}]}`,
      ({ Binds }) => Array.isArray(Binds) && Binds.length > 0,
    ),
    {
      id: 'start-chunked',
      title: 'binds it with its start, in a body of unknown length',
      async attempt(door, run) {
        await door.send(create(run, { Cmd: ['/bin/busybox', 'true'] }));
        const body = JSON.stringify({ Binds: [raw(run)] });
        const head = [
          `POST ${OLD}/containers/${run.name}/start HTTP/1.1`,
          'Host: docker',
          'Content-Type: application/json',
        ];
        const rest = [
          'Transfer-Encoding: chunked',
          'Connection: close',
          '',
          `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
        ];
        await door.raw([...head, ...rest].join('\r\n'));
      },
      happened: (run) => holds(run, ({ Binds }) => Array.isArray(Binds) && Binds.length > 0),
      refusal: either(MALFORMED, MOUNT),
    },
    {
      id: 'copy',
      title: 'copies out of a stronger container by the request of old clients',
      prepare: (run) => strong(run),
      async attempt(door, run) {
        const { text, status } = await door.send(
          post(`${OLD}/containers/${run.name}-strong/copy`, { Resource: '/outside/secret' }),
        );
        run.kept.set('read', status === 200 ? text : '');
      },
      happened: async (run) => run.kept.get('read')?.includes('the secret of the host') ?? false,
      refusal: either(wayOut('stronger-container'), COMMAND),
    },
    {
      id: 'commit-config',
      title: 'makes an image of a stronger container by the oldest version',
      prepare: (run) => strong(run),
      attempt: (door, run) =>
        door.send(post(`${OLDEST_TAKEN}/commit?container=${run.name}-strong&repo=${run.name}&tag=latest`, {})),
      happened: (run) => exists(run, `/images/${run.name}:latest/json`),
      refusal: wayOut('stronger-container'),
    },
  ],
};
