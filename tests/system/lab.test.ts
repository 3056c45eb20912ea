import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerCli, type Lab, startLab } from '../lab/lab.ts';
import { request } from '../lab/request.ts';

const SOCKET_MOUNT = (lab: Lab): string => `${lab.engineSocket}:/var/run/docker.sock`;

describe('the offline Hub', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ name: 'hub' });
  });
  afterAll(() => lab.stop());

  const distribution = async (name: string) => {
    const { status, body } = await request(lab.engineSocket, `/v1.41/distribution/${name}/json`);
    return { status, digest: JSON.parse(body).Descriptor?.digest as string | undefined };
  };

  test('serves a plain pull, with the digest of the registry', async () => {
    await lab.dockerOutput(['pull', 'alpine']);
    const remote = await distribution('alpine:latest');
    expect(remote.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const local = await lab.dockerOutput(['image', 'inspect', '--format', '{{json .RepoDigests}}', 'alpine']);
    expect(JSON.parse(local)).toEqual([`alpine@${remote.digest}`]);
  });

  test.each(['docker:cli', 'docker.io/library/docker:cli', 'index.docker.io/library/docker:cli'])(
    'answers GET /distribution for %s',
    async (name) => {
      expect(await distribution(name)).toEqual({ status: 200, digest: expect.stringMatching(/^sha256:/) });
    },
  );

  test('answers for a digest, and with 404 for what it does not have', async () => {
    const { digest } = await distribution('docker:cli');
    expect(await distribution(`docker@${digest}`)).toEqual({ status: 200, digest });
    expect(await distribution('docker:nosuch')).toEqual({ status: 404 });
    expect(await distribution('nosuch/image:latest')).toEqual({ status: 404 });
    expect(await distribution(`docker@sha256:${'0'.repeat(64)}`)).toEqual({ status: 404 });
    expect(await distribution(`alpine@${digest}`)).toEqual({ status: 404 });
  });

  test('cannot be reached while it is stopped', async () => {
    await lab.registry.stop();
    expect(await distribution('docker:cli')).toEqual({ status: 500 });
    await lab.registry.start();
    expect((await distribution('docker:cli')).status).toBe(200);
  });

  test('has a new digest for a tag after an upstream update, and still the old one by digest', async () => {
    const first = await lab.publish('example/app:1', { from: 'alpine', files: { '/version': '1' } });
    await lab.dockerOutput(['pull', 'example/app:1']);
    const second = await lab.publish('example/app:1', { from: 'alpine', files: { '/version': '2' } });
    expect(await distribution('example/app:1')).toEqual({ status: 200, digest: second.digest });
    expect(await distribution(`example/app@${first.digest}`)).toEqual({ status: 200, digest: first.digest });
    const image = JSON.parse(await lab.dockerOutput(['image', 'inspect', 'example/app:1']))[0];
    expect(image.Id).toBe(first.imageId);
    expect(image.RepoDigests).toEqual([`example/app@${first.digest}`]);
    await lab.dockerOutput(['pull', 'example/app:1']);
    expect(await lab.dockerOutput(['run', '--rm', 'example/app:1', 'cat', '/version'])).toBe('2');
  });

  test('serves a manifest list as the Hub does: the list by tag, the manifests by digest', async () => {
    const published = await lab.publish('example/many:1', {
      from: 'alpine',
      files: { '/many': '' },
      otherArchitectures: ['s390x'],
    });
    expect(published.platformDigest).not.toBe(published.digest);
    expect((await distribution('example/many:1')).digest).toBe(published.digest);
    expect((await distribution(`example/many@${published.platformDigest}`)).digest).toBe(published.platformDigest);
    await lab.dockerOutput(['pull', 'example/many:1']);
    const image = JSON.parse(await lab.dockerOutput(['image', 'inspect', 'example/many:1']))[0];
    expect(image.RepoDigests).toEqual([`example/many@${published.digest}`]);
    expect(image.Id).toBe(published.imageId);
  });

  test('forgets tags and repositories when told to', async () => {
    const { digest } = await lab.publish('example/gone:1', { from: 'alpine', files: { '/gone': '' } });
    lab.unpublish('example/gone:1');
    expect((await distribution('example/gone:1')).status).toBe(404);
    expect((await distribution(`example/gone@${digest}`)).status).toBe(200);
    lab.forget('example/gone');
    expect((await distribution(`example/gone@${digest}`)).status).toBe(404);
  });

  test('takes what a client pushes', async () => {
    const name = `${lab.registry.address}/example/pushed:1`;
    await lab.dockerOutput(['pull', 'alpine']);
    await lab.dockerOutput(['tag', 'alpine', name]);
    await lab.dockerOutput(['push', name]);
    expect((await distribution('example/pushed:1')).status).toBe(200);
  });

  test('tells what it was asked', async () => {
    const before = lab.registry.requests().length;
    await distribution('testcontainers/ryuk:0.11');
    const asked = lab.registry.requests().slice(before);
    expect(asked).toContainEqual({ method: 'HEAD', path: '/v2/testcontainers/ryuk/manifests/0.11', status: 200 });
  });

  test('does not have the malicious image, which the engine has without any digest of a registry', async () => {
    const image = JSON.parse(await lab.dockerOutput(['image', 'inspect', 'malicious-image']))[0];
    expect(image.RepoDigests).toEqual([]);
    expect((await distribution('malicious-image')).status).toBe(404);
  });
});

describe('the images', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ name: 'images' });
  });
  afterAll(() => lab.stop());

  test('all have digests of their own', async () => {
    const names = ['alpine', 'busybox', 'docker:cli', 'localstack/localstack:4.2', 'testcontainers/ryuk:0.11'];
    for (const name of names) await lab.dockerOutput(['pull', '--quiet', name]);
    const images = JSON.parse(await lab.dockerOutput(['image', 'inspect', ...names]));
    const digests = images.flatMap((image: { RepoDigests: string[] }) =>
      image.RepoDigests.map((one) => one.slice(-64)),
    );
    expect(new Set(digests).size).toBe(names.length);
    expect(new Set(images.map((image: { Id: string }) => image.Id)).size).toBe(names.length);
  });

  test('docker:cli holds a docker client and curl that work with the socket, also without root', async () => {
    const script =
      'docker version --format {{.Server.Version}}; curl -s --unix-socket /var/run/docker.sock http://d/_ping';
    const mount = ['--volume', SOCKET_MOUNT(lab)];
    const asRoot = await lab.dockerOutput(['run', '--rm', ...mount, 'docker:cli', 'sh', '-c', script]);
    expect(asRoot).toMatch(/^\d+\.\d+\.\d+.*\nOK$/);
    const user = ['--user', '1000:1000', 'docker:cli', 'sh', '-c', 'docker --version; curl --version; touch /tmp/x'];
    expect(await lab.dockerOutput(['run', '--rm', ...user])).toMatch(/Docker version .*\ncurl \d/);
  });

  test('the stand-in for Ryuk acknowledges filters and removes what matches when the connection ends', async () => {
    await lab.dockerOutput(['pull', '--quiet', 'testcontainers/ryuk:0.11']);
    const run = ['run', '--detach', '--volume', SOCKET_MOUNT(lab), '--name', 'ryuk', 'testcontainers/ryuk:0.11'];
    await lab.dockerOutput(run);
    await lab.dockerOutput([
      'run',
      '--detach',
      '--name',
      'mine',
      '--label',
      'session=7',
      'malicious-image',
      'sleep',
      '600',
    ]);
    await lab.dockerOutput([
      'run',
      '--detach',
      '--name',
      'other',
      '--label',
      'session=8',
      'malicious-image',
      'sleep',
      '600',
    ]);
    const gone = lab.dockerOutput(['wait', 'mine']);
    const script = "echo 'label=session=7' | nc 127.0.0.1 8080";
    expect(await lab.dockerOutput(['exec', 'ryuk', 'sh', '-c', script])).toBe('ACK');
    await gone;
    expect(await lab.dockerOutput(['ps', '--all', '--format', '{{.Names}}', '--filter', 'label=session=8'])).toBe(
      'other',
    );
  });
});

describe('the engine', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ name: 'engine', engine: { labels: ['test=yes'] } });
  });
  afterAll(() => lab.stop());

  test('is not the one of the machine, and takes settings', async () => {
    const info = JSON.parse((await request(lab.engineSocket, '/info')).body);
    expect(info.DockerRootDir).toBe(join(lab.folder, 'data'));
    expect(info.Labels).toEqual(['test=yes']);
  });

  test('lets containers reach each other over its own bridge', async () => {
    const serve = 'echo hello >/tmp/index.html; exec httpd -f -p 80 -h /tmp';
    await lab.dockerOutput([
      'run',
      '--detach',
      '--stop-timeout',
      '1',
      '--name',
      'server',
      'malicious-image',
      'sh',
      '-c',
      serve,
    ]);
    const address = await lab.dockerOutput(['inspect', '--format', '{{.NetworkSettings.IPAddress}}', 'server']);
    const ask = ['run', '--rm', 'malicious-image', 'sh', '-c', `until wget -qO- http://${address}/; do :; done`];
    expect(await lab.dockerOutput(ask)).toBe('hello');
  });

  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'comes back after %s, with containers that have a restart policy',
    async (signal) => {
      const run = ['run', '--detach', '--restart', 'always', '--stop-timeout', '1', 'malicious-image', 'sleep', '600'];
      const id = await lab.dockerOutput(run);
      await lab.stopEngine(signal);
      await expect(request(lab.engineSocket, '/_ping')).rejects.toThrow();
      await lab.startEngine();
      expect(await lab.dockerOutput(['inspect', '--format', '{{.State.Running}} {{.RestartCount}}', id])).toMatch(
        /^true/,
      );
    },
  );

  test.skipIf(dockerCli().plugins === undefined)('is used by the newer clients: buildx and compose', async () => {
    expect(await lab.dockerOutput(['buildx', 'version'])).toContain('buildx');
    writeFileSync(join(lab.work, 'Dockerfile'), 'FROM alpine\nRUN echo built >/built\n');
    await lab.dockerOutput(['build', '--tag', 'built', lab.work]);
    expect(await lab.dockerOutput(['run', '--rm', 'built', 'cat', '/built'])).toBe('built');
    const file = join(lab.work, 'compose.yaml');
    writeFileSync(file, 'services: { one: { image: alpine, command: echo composed } }\n');
    expect(await lab.dockerOutput(['compose', '--file', file, 'up'])).toContain('composed');
  });

  test('is used by the client of its own release, where the machine has one', async () => {
    const { debian = dockerCli().newest } = dockerCli();
    expect(await lab.dockerOutput(['version', '--format', '{{.Server.Version}}'], { cli: debian })).toMatch(/^\d+\./);
  });
});
