import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab, request } from '../lab/lab.ts';
import { eventually, type Running, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
const SOCKET = '/var/run/docker.sock';
const BIND = `${SOCKET}:${SOCKET}`;
let keeper: Running;

beforeAll(async () => {
  keeper = await startLockkeeper(lab, { images: ['docker:cli'] });
  await lab.dockerOutput(['pull', '-q', 'docker:cli']);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => keeper.stop());
afterEach(async () => {
  const ids = await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=exceptions']);
  if (ids !== '') await lab.dockerOutput(['rm', '-f', '-v', ...ids.split(/\s+/)]);
});

/** Sends a create as any client may, through Lockkeeper. */
async function create(body: object, version = '/v1.41') {
  const labelled = { Image: 'alpine', Labels: { test: 'exceptions' }, Cmd: ['sleep', '60'], ...body };
  const answer = await request(keeper.hostGate, `${version}/containers/create`, {
    method: 'POST',
    body: labelled,
  });
  return { status: answer.status, ...(JSON.parse(answer.body) as { message?: string; Id?: string }) };
}

const through = (...args: string[]) => lab.docker(args, { host: keeper.url });
const withSocket = (...args: string[]) => through('run', '--rm', '--label', 'test=exceptions', '-v', BIND, ...args);

describe('an image that is not listed', () => {
  const ways: readonly (readonly [string, object])[] = [
    ['Binds', { HostConfig: { Binds: [BIND] } }],
    ['Binds, read-only', { HostConfig: { Binds: [`${BIND}:ro`] } }],
    ['Binds with another spelling', { HostConfig: { Binds: [`/var//run/../run/./docker.sock:/x`] } }],
    ["Binds of the engine's own path", { HostConfig: { Binds: [`${lab.engineSocket}:/x`] } }],
    ['Mounts', { HostConfig: { Mounts: [{ Type: 'bind', Source: lab.engineSocket, Target: '/x' }] } }],
    ['the legacy top level', { Binds: [BIND] }],
    ['both levels', { Binds: [BIND], HostConfig: {} }],
  ];

  it.each(ways)('is refused the socket by %s', async (_way, body) => {
    const answer = await create(body);
    expect(answer.status).toBe(403);
    expect(answer.message).toMatch(
      /^enhanced container isolation: docker socket mount denied for container with image "docker.io\/library\/alpine:latest"; image is not in the allowed list; if you wish to allow it, configure the docker socket image list in the Docker Desktop settings\. \(Lockkeeper: /,
    );
  });

  it("is refused the host gate's own socket, which means the Docker socket", async () => {
    expect((await create({ HostConfig: { Binds: [`${keeper.hostGate}:/x`] } })).status).toBe(403);
  });

  it('is refused a link to the socket', async () => {
    const link = join(lab.work, `link-${randomUUID()}`);
    symlinkSync(lab.engineSocket, link);
    expect((await create({ HostConfig: { Binds: [`${link}:/x`] } })).message).toContain('not in the allowed list');
  });

  it('is refused a folder above the socket, by name of the socket', async () => {
    const answer = await create({ HostConfig: { Binds: [`${lab.folder}:/x`] } });
    expect(answer.status).toBe(403);
    expect(answer.message).toContain('a mounted folder would expose the Docker socket');
    expect(answer.message).toContain(lab.engineSocket);
  });

  it('is refused a named volume that was made as a bind of it', async () => {
    const name = `v-${randomUUID()}`;
    const options = ['-o', 'type=none', '-o', 'o=bind', '-o', `device=${lab.folder}`];
    await lab.dockerOutput(['volume', 'create', ...options, name]);
    const answer = await create({ HostConfig: { Binds: [`${name}:/x`] } });
    await lab.dockerOutput(['volume', 'rm', name]);
    expect(answer.message).toContain('a volume leads to the Docker socket');
  });

  it('is refused a volume that is made as one with the mount', async () => {
    const Options = { type: 'none', o: 'bind', device: lab.folder };
    const mount = { Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Name: 'local', Options } } };
    expect((await create({ HostConfig: { Mounts: [mount] } })).message).toContain(
      'a volume leads to the Docker socket',
    );
  });

  it('is refused spellings of keys that the engine would fold', async () => {
    const answer = await create({ hostConfig: { binds: [BIND] } });
    expect(answer.status).toBe(400);
  });

  it('gets its ordinary folders, volumes and tmpfs', async () => {
    const folder = join(lab.work, `data-${randomUUID()}`);
    mkdirSync(folder);
    const mounts = ['-v', `${folder}:/data`, '-v', 'test-exceptions-volume:/v', '--tmpfs', '/t'];
    const run = await through(
      'run',
      '--rm',
      '--label',
      'test=exceptions',
      ...mounts,
      'alpine',
      'touch',
      '/data/x',
      '/v/x',
      '/t/x',
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('an image that is listed and confirmed', () => {
  it('gets a filtered socket that works', async () => {
    const run = await withSocket('--name', 'test-listed', 'docker:cli', 'docker', 'ps', '--format', '{{.Names}}');
    expect(run.stdout).toContain('test-listed');
    expect(run.code).toBe(0);
  });

  it('gets it at the place it asked for, by Mounts too, and at several places', async () => {
    const mounts = ['--mount', `type=bind,src=${SOCKET},dst=/opt/deep/er/docker.sock`, '-v', `${SOCKET}:/tmp/d.sock`];
    const script = 'docker -H unix:///opt/deep/er/docker.sock ps -q && docker -H unix:///tmp/d.sock ps -q';
    const run = await through(
      'run',
      '--rm',
      '--label',
      'test=exceptions',
      ...mounts,
      'docker:cli',
      'sh',
      '-ec',
      script,
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('never holds the raw socket, and cannot write to the folder that holds its own', async () => {
    const id = (await through('create', '--label', 'test=exceptions', '-v', BIND, 'docker:cli', 'true')).stdout.trim();
    const [container] = JSON.parse(await lab.dockerOutput(['inspect', id]));
    const [mount] = container.Mounts;
    expect(container.Mounts).toHaveLength(1);
    expect(mount).toMatchObject({ Destination: '/.lockkeeper', RW: false });
    expect(mount.Source.startsWith(join(keeper.state, 'sockets'))).toBe(true);
  });

  it('keeps working through a restart of Lockkeeper, and of the container', async () => {
    const id = (
      await through('run', '-d', '--label', 'test=exceptions', '-v', BIND, 'docker:cli', 'sleep', '600')
    ).stdout.trim();
    await keeper.restart();
    expect(await lab.docker(['exec', id, 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
    expect(await through('restart', '-t', '0', id)).toMatchObject({ code: 0, stderr: '' });
    expect(await lab.docker(['exec', id, 'docker', 'ps', '-q'])).toMatchObject({ code: 0 });
  });

  it('is checked again at start: a policy that no longer lists it keeps it down', async () => {
    const id = (await through('create', '--label', 'test=exceptions', '-v', BIND, 'docker:cli', 'true')).stdout.trim();
    await keeper.apply({ images: [] });
    const start = await through('start', id);
    await keeper.apply({ images: ['docker:cli'] });
    expect(start.stderr).toContain('docker socket mount denied');
    expect(await through('start', '-a', id)).toMatchObject({ code: 0 });
  });

  it('takes its socket and record with it when it is removed, by whomever', async () => {
    const id = (await through('create', '--label', 'test=exceptions', '-v', BIND, 'docker:cli', 'true')).stdout.trim();
    const count = async () => (await keeper.status()).containerSockets;
    const before = await count();
    await lab.dockerOutput(['rm', id]);
    await eventually(async () => (await count()) === before - 1, 'the socket is gone');
  });

  it.each(['before', 'after'])(
    'keeps it when a tool inspects and re-creates it, %s the old one is removed',
    async (when) => {
      const id = (
        await through('create', '--label', 'test=exceptions', '-v', BIND, 'docker:cli', 'true')
      ).stdout.trim();
      const { HostConfig } = JSON.parse((await request(keeper.hostGate, `/containers/${id}/json`)).body);
      const recreate = () => create({ Image: 'docker:cli', Cmd: ['docker', 'ps', '-q'], HostConfig });
      const early = when === 'before' ? await recreate() : undefined;
      await through('rm', id);
      await eventually(async () => !JSON.stringify(await keeper.status()).includes(id), 'its socket is gone');
      const { Id = '', status } = early ?? (await recreate());
      expect(status).toBe(201);
      expect(await through('start', '-a', Id)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it("has Lockkeeper's own state covered where a larger folder holds it", async () => {
    const home = join(keeper.state, '..');
    const find = ['find', '/work', '-path', '*/s*'];
    const view = await through('run', '--rm', '--label', 'test=exceptions', '-v', `${home}:/work`, 'alpine', ...find);
    expect(view).toMatchObject({ code: 0, stdout: '/work/s\n' });
  });

  it('writes no settings, neither in their folder nor from one above it', async () => {
    const config = join(lab.work, '.config');
    const run = ['run', '--rm', '--label', 'test=exceptions'];
    const write = (bind: string, file: string) => through(...run, '-v', bind, 'alpine', 'touch', file);
    const refused = await write(`${config}/lockkeeper:/c`, '/c/settings.json');
    expect(refused.stderr).toContain(`is Lockkeeper's settings (${config}/lockkeeper), which no container gets`);
    expect((await write(`${config}:/c`, '/c/lockkeeper/settings.json')).stderr).toContain('Read-only file system');
    expect(await write(`${config}:/c`, '/c/other')).toMatchObject({ code: 0 });
    expect(existsSync(join(config, 'lockkeeper', 'settings.json'))).toBe(false);
  });

  it('never has a folder at its target replaced', async () => {
    const target = `${SOCKET}:/home/user`;
    const run = await through('run', '--rm', '--label', 'test=exceptions', '-v', target, 'docker:cli', 'true');
    expect(run.stderr).toContain('/home/user is a folder in the image');
    expect(await lab.dockerOutput(['ps', '-aq', '--filter', 'label=test=exceptions'])).toBe('');
  });

  it('is pulled first by docker run, since an absent image is answered with 404', async () => {
    await lab.docker(['rmi', '-f', 'docker:cli']);
    expect(await withSocket('docker:cli', 'docker', 'ps', '-q')).toMatchObject({ code: 0 });
  });
});

describe('containers from elsewhere', () => {
  it.each(['start', 'restart'])('that hold the raw socket do not %s', async (verb) => {
    const bind = `${lab.engineSocket}:/x`;
    const id = await lab.dockerOutput(['create', '--label', 'test=exceptions', '-v', bind, 'alpine', 'true']);
    const start = await through(verb, id);
    expect(start.stderr).toContain('the container was created with a way to the engine that is not filtered');
    expect(await lab.dockerOutput(['inspect', '-f', '{{.State.Status}}', id])).toBe('created');
  });

  it('that hold nothing start', async () => {
    const id = await lab.dockerOutput(['create', '--label', 'test=exceptions', 'alpine', 'true']);
    expect(await through('start', '-a', id)).toMatchObject({ code: 0 });
  });
});

describe('a name proves nothing', () => {
  it('a retagged image is refused by its digest', async () => {
    await lab.dockerOutput(['tag', 'malicious-image', 'docker:cli']);
    const run = await withSocket('docker:cli', 'true');
    await lab.docker(['rmi', 'docker:cli']);
    await lab.dockerOutput(['pull', '-q', 'docker:cli']);
    expect(run.stderr).toContain("its digest differs from the registry's");
  });
});
