import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../main/control/client.ts';
import type { CheckReport } from '../../../shared/ipc/check.ts';
import type { JournalEvent } from '../../../shared/journal/event.ts';
import { attachLab, dockerCli, request } from '../../lab/lab.ts';
import { type Running, type SettingsWords, startLockkeeper } from '../running.ts';

const lab = attachLab(inject('lab'));
const SOCKET = '/var/run/docker.sock';
const LABEL = 'test=said';
const plugins = dockerCli().plugins !== undefined;
let folder: string;
let keeper: Running;
let control: ControlClient;

/** A command line, the way it comes in, and the reason for which it is refused. */
interface Row {
  readonly from: 'host' | 'socket';
  readonly reason: string | undefined;
  readonly line: string;
}

/** One row a line: from where, `allowed` or the reason, and the command line; upper case stands for a place of the test's. */
function rows(table: string): readonly Row[] {
  return table
    .trim()
    .split('\n')
    .map((text) => {
      const [, from, reason, line = ''] = /^\s*(host|socket) +(\S+) +(.*)$/.exec(text) ?? [];
      return { from: from === 'host' ? 'host' : 'socket', reason: reason === 'allowed' ? undefined : reason, line };
    });
}

function titled(all: readonly Row[]): readonly (readonly [title: string, row: Row])[] {
  return all.map((row) => [`${row.from} ${row.reason ?? 'allowed'}: docker ${row.line}`, row]);
}

function wordsOf(line: string): readonly string[] {
  const places: Readonly<Record<string, string>> = {
    SOCKET,
    /** From where the clients run, which is where the test runs. */
    RELATIVE: relative(process.cwd(), SOCKET),
    ENGINES: dirname(lab.engineSocket),
    FOLDER: folder,
    RUN: `run --rm --label ${LABEL}`,
  };
  const filled = line.replace(/\b(?:SOCKET|RELATIVE|ENGINES|FOLDER|RUN)\b/g, (place) => places[place] ?? place);
  return ['docker', ...filled.split(' ')];
}

beforeAll(async () => {
  folder = mkdtempSync(join(lab.work, 'said-'));
  mkdirSync(join(folder, 'context'));
  writeFileSync(join(folder, 'context', 'Dockerfile'), 'FROM alpine\n');
  writeFileSync(join(folder, 'compose.yml'), 'services:\n  a:\n    image: alpine\n    command: "true"\n');
  for (const image of ['docker:cli', 'alpine']) await lab.dockerOutput(['pull', '-q', image]);
  await lab.dockerOutput(['run', '-d', '--name', 'said', '--label', LABEL, 'alpine', 'sleep', '3600']);
  const bind = ['-o', 'type=none', '-o', 'o=bind', '-o', `device=${dirname(lab.engineSocket)}`];
  await lab.dockerOutput(['volume', 'create', '-d', 'local', ...bind, 'said-run']);
  keeper = await startLockkeeper(lab);
  const connected = await connectControl({ path: join(keeper.state, 'control.sock') });
  if (!connected.ok) throw new Error(connected.error.message);
  control = connected.value;
});
afterAll(async () => {
  control.close();
  await keeper.stop();
  await lab.docker(['rm', '-f', '-v', 'said', 'said-2']);
  await lab.docker(['volume', 'rm', 'said-run']);
  rmSync(folder, { recursive: true, force: true });
});

async function ask(words: readonly string[], from: Row['from']): Promise<CheckReport> {
  const way = from === 'host' ? { kind: 'host' as const } : { kind: 'socket' as const, path: pathOf(keeper.standing) };
  const answer = await control.request('check', {
    from: way,
    ask: { kind: 'docker', words: [...words], folder: process.cwd() },
  });
  if (!answer.ok || answer.value.kind !== 'report') throw new Error(JSON.stringify(answer));
  return answer.value;
}

type Decision = Extract<JournalEvent, { type: 'decision' }>;

async function decisions(): Promise<readonly Decision[]> {
  const answer = await control.request('recentEvents', { types: ['decision'], limit: 1000 });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.value.events.flatMap((event) => (event.type === 'decision' ? [event] : []));
}

const pathOf = (url: string) => url.replace('unix://', '');

/** What clients ask before anything else, to agree on a version and a way to build. */
const agreeing: readonly string[] = ['SystemPing', 'SystemPingHead', 'SystemInfo', 'SystemVersion'];

/** A refusal without what clients of other versions write differently: the version and the query. */
function essence(message: string | undefined): string | undefined {
  return message?.replace(/"(?:\/v1\.\d+)?(\/[^"?]*)(?:\?[^"]*)?" is blocked/, '"$1" is blocked');
}

/** Carries the line out; what was asked up to the first refusal, after which clients try other things. */
async function carryOut(words: readonly string[], from: Row['from']) {
  const before = (await decisions()).at(-1)?.sequence ?? 0;
  const host = from === 'host' ? keeper.url : keeper.standing;
  const { code, stderr } = await lab.docker(words.slice(1), { host });
  const asked = (await decisions()).filter(({ sequence }) => sequence > before);
  const refused = asked.find(({ outcome }) => outcome === 'refused');
  const until = refused === undefined ? asked : asked.slice(0, asked.indexOf(refused) + 1);
  return { code, stderr, refused, operations: until.map(({ operation }) => operation) };
}

async function compare({ line, from, reason }: Row): Promise<void> {
  const words = wordsOf(line);
  const report = await ask(words, from);
  const blocked = report.steps.find(({ verdict, condition }) => verdict === 'blocked' && condition !== 'sometimes');
  expect([report.verdict, blocked?.reason]).toEqual([reason === undefined ? 'allowed' : 'blocked', reason]);

  const done = await carryOut(words, from);
  expect(done.refused?.reason, done.stderr).toBe(reason);
  expect(essence(done.refused?.message)).toBe(essence(blocked?.message));
  const said = report.steps.map(({ operation }) => operation);
  expect(done.operations.filter((operation) => ![...agreeing, ...said].includes(operation))).toEqual([]);
  if (reason !== undefined) return;
  expect(done.code, done.stderr).toBe(0);
  const always = report.steps.filter(({ condition }) => condition === undefined);
  expect(always.flatMap(({ operation }) => (done.operations.includes(operation) ? [] : [operation]))).toEqual([]);
}

const denying: SettingsWords = {
  images: ['docker:cli'],
  commands: ['push', 'pause', 'exec', 'system df', 'volume rm'],
};
const underDenying = rows(`
  host    allowed            RUN alpine true
  host    allowed            RUN -v SOCKET:SOCKET docker:cli true
  host    allowed            RUN --mount type=bind,src=SOCKET,dst=/s docker:cli true
  host    allowed            RUN --use-api-socket docker:cli true
  host    allowed            RUN -v SOCKET alpine true
  host    allowed            RUN -v ./docs:/c:ro alpine true
  host    allowed            RUN --volumes-from said alpine true
  host    allowed            RUN --pull always --network none -e A=b alpine true
  host    not-listed         RUN -v SOCKET:SOCKET alpine true
  host    not-listed         RUN -v /run/docker.sock:/s:ro alpine true
  host    not-listed         RUN --use-api-socket alpine true
  host    not-listed         RUN --mount type=bind,src=SOCKET,dst=/s,readonly alpine true
  host    not-listed         RUN -v RELATIVE:/s alpine true
  host    parent-directory   RUN -v ENGINES:/r docker:cli true
  host    parent-directory   RUN -v /:/host:ro alpine true
  host    volume             RUN -v said-run:/r docker:cli true
  host    not-listed         create --name said-2 -v SOCKET:/s alpine
  host    allowed            create --name said-2 alpine
  host    allowed            start -a said-2
  host    allowed            rm said-2
  host    allowed            exec said true
  host    allowed            cp said:/etc/hosts FOLDER/hosts
  host    allowed            cp -L said:/etc/hosts FOLDER/hosts
  host    allowed            cp FOLDER/compose.yml said:/x
  host    allowed            inspect said
  host    allowed            stats --no-stream said
  host    allowed            volume create said-1
  host    allowed            volume rm said-1
  host    allowed            network inspect bridge
  socket  command-denied     push alpine
  socket  command-denied     pause said
  socket  command-denied     exec said true
  socket  command-denied     system df
  socket  command-denied     volume rm said-1
  socket  not-listed         RUN -v SOCKET:SOCKET alpine true
  socket  allowed            RUN alpine true
  socket  allowed            ps --all
  socket  allowed            image inspect alpine
  socket  allowed            pull alpine
  socket  allowed            tag alpine said:1
  socket  allowed            rmi said:1
  socket  allowed            logs said
  socket  allowed            top said
  host    allowed            volume create --opt type=none --opt o=bind --opt device=/srv said-3
  host    allowed            volume rm said-3
  host    allowed            network create --opt com.docker.network.bridge.name=lksaid0 said-3
  host    allowed            network rm said-3
  socket  escape-privileged      RUN --privileged alpine true
  socket  escape-capabilities    RUN --cap-add SYS_ADMIN alpine true
  socket  escape-host-network    RUN --network host alpine true
  socket  escape-bind-outside    RUN -v ./docs:/c:ro alpine true
  socket  escape-log-driver      RUN --log-driver syslog alpine true
  socket  escape-volume-options  volume create --opt type=none --opt o=bind --opt device=/ said-3
  socket  escape-network-driver  network create -d macvlan --opt parent=lo said-3
  socket  escape-swarm           swarm init
`);
const pluginsUnderDenying = rows(`
  host    allowed            compose -f FOLDER/compose.yml up -d
  host    allowed            compose -f FOLDER/compose.yml ps
  host    allowed            compose -f FOLDER/compose.yml down
  socket  command-denied     build -q FOLDER/context
  socket  command-denied     builder prune -f
`);

const allowing: SettingsWords = { type: 'allow', commands: ['run', 'ps', 'cp', 'volume*'] };
const underAllowing = rows(`
  socket  allowed                    RUN alpine true
  socket  list-empty                 RUN -v SOCKET:SOCKET alpine true
  socket  allowed                    ps -q
  socket  allowed                    cp said:/etc/hosts FOLDER/hosts
  socket  allowed                    volume create said-1
  socket  allowed                    volume rm said-1
  socket  command-not-allowed        images
  socket  command-not-allowed        pull alpine
  socket  command-not-own-container  exec said true
  socket  command-not-allowed        stop said
  socket  command-not-allowed        system prune -f
  socket  command-not-own-container  rm -f said
  socket  command-not-own-container  start said
  socket  command-not-own-container  inspect --type container said
  host    allowed                    images
`);

describe('what lockkeeper check says is what happens, under a deny list', () => {
  beforeAll(() => keeper.apply(denying));
  it.each(titled(underDenying))('%s', (_title, row) => compare(row));
  it.runIf(plugins).each(titled(pluginsUnderDenying))(
    `%s${plugins ? '' : ' (skipped: there is no buildx and compose)'}`,
    (_title, row) => compare(row),
  );
});

describe('what lockkeeper check says is what happens, under an allow list', () => {
  beforeAll(() => keeper.apply(allowing));
  it.each(titled(underAllowing))('%s', (_title, row) => compare(row));
});

/** Create bodies, with the status that Lockkeeper itself answers; 0: the engine answers, whatever it says. */
const bodies: readonly (readonly [what: string, status: number, body: unknown])[] = [
  ['an ordinary one', 0, { Image: 'alpine' }],
  ['an image that may have the socket', 0, { Image: 'docker:cli', HostConfig: { Binds: [`${SOCKET}:/s`] } }],
  ['another image', 403, { Image: 'alpine', HostConfig: { Binds: [`${SOCKET}:/s`] } }],
  ['a mount', 403, { Image: 'alpine', HostConfig: { Mounts: [{ Type: 'bind', Source: SOCKET, Target: '/s' }] } }],
  ['a device', 403, { Image: 'alpine', HostConfig: { Devices: [{ PathOnHost: SOCKET, PathInContainer: '/s' }] } }],
  ['the field of old clients', 403, { Image: 'alpine', Binds: [`${SOCKET}:/s`] }],
  ['a volume', 403, { Image: 'docker:cli', HostConfig: { Binds: ['said-run:/r'] } }],
  ['all of the host', 403, { Image: 'docker:cli', HostConfig: { Binds: ['/:/host:ro'] } }],
  ['an image that is not there', 404, { Image: 'said/absent', HostConfig: { Binds: [`${SOCKET}:/s`] } }],
  ['no image', 0, { HostConfig: { Binds: null } }],
  ['no host configuration', 0, { Image: 'alpine', HostConfig: null }],
  ['keys that Go merges', 400, '{"Image":"alpine","image":"docker:cli"}'],
  ['a key twice', 400, '{"Image":"alpine","Image":"docker:cli"}'],
  ['another spelling', 400, { Image: 'alpine', HostConfig: { binds: [`${SOCKET}:/s`] } }],
  ['a wrong type', 400, { Image: 'alpine', HostConfig: { Binds: `${SOCKET}:/s` } }],
  ['half a document', 400, '{"Image":"alpine"'],
  ['a list', 400, '[]'],
  ['nothing', 400, ''],
];

describe('what lockkeeper check --create says is what happens', () => {
  beforeAll(() => keeper.apply({ images: ['docker:cli'] }));

  it.each(bodies)('with %s', async (_what, status, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await control.request('check', { from: { kind: 'host' }, ask: { kind: 'create', body: text } });
    if (!answer.ok || answer.value.kind !== 'report') throw new Error(JSON.stringify(answer));
    const [step] = answer.value.steps;
    expect([step?.operation, step?.verdict, step?.status ?? 0]).toEqual([
      'ContainerCreate',
      status === 0 || status === 404 ? 'allowed' : 'blocked',
      status,
    ]);
    const done = await request(keeper.hostGate, '/v1.41/containers/create', { method: 'POST', body: text });
    const { message = '', Id } = JSON.parse(done.body);
    if (Id !== undefined) await lab.docker(['rm', '-f', Id]);
    if (status === 0) expect(message).not.toMatch(/enhanced container isolation|lockkeeper/);
    else expect({ status: done.status, message }).toEqual({ status, message: step?.message });
    expect(Id !== undefined).toBe(status === 0 && /"Image"/.test(text));
  });
});
