import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttachedLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';

const SOCKET = '/var/run/docker.sock';
const BUILDER = 'paketobuildpacks/builder:base';
const LIFECYCLE = 'buildpacksio/lifecycle:0.20';
const DEV_BASE = 'devcontainers/base:ubuntu';

/** Writes an application image through the socket, as the lifecycle's exporter does. */
const EXPORTER = `#!/bin/sh -e
mkdir -p /tmp/app && echo built >/tmp/app/app
tar -C /tmp/app -c . | docker import - "$1" >/dev/null
docker image inspect --format '{{.RepoTags}}' "$1"
`;

const FEATURES = `ARG _DEV_CONTAINERS_BASE_IMAGE=placeholder
FROM scratch AS dev_containers_feature_content_source
COPY install.sh /tmp/build-features/
FROM $_DEV_CONTAINERS_BASE_IMAGE AS dev_containers_target_stage
USER root
COPY --from=dev_containers_feature_content_source /tmp/build-features /tmp/dev-container-features
RUN sh /tmp/dev-container-features/install.sh
ENV FEATURES=installed
`;

const UPDATE_UID = `ARG BASE_IMAGE
FROM $BASE_IMAGE
USER root
RUN sed -i 's/1000:1000/1001:1001/' /etc/passwd
USER user
`;

/** What tools do that build images on this machine and run them with the socket, as they do it. */
export function buildFlowTests(labOf: () => AttachedLab): void {
  let lab: AttachedLab;
  let keeper: Running;
  const images = [BUILDER, 'buildpacksio/lifecycle:*', 'devcontainers/base:*'];

  beforeAll(async () => {
    lab = labOf();
    mkdirSync(lab.work, { recursive: true });
    const exporter = { '/cnb/lifecycle/exporter': { content: EXPORTER, mode: 0o755 } };
    await lab.publish(BUILDER, { from: 'docker:cli', files: { ...exporter, '/cnb/buildpacks': { directory: true } } });
    await lab.publish(LIFECYCLE, { from: 'docker:cli', files: { ...exporter, '/cnb/lifecycle.toml': '' } });
    await lab.publish(DEV_BASE, { from: 'docker:cli', files: { '/etc/devcontainer': '' } });
    keeper = await startLockkeeper(lab, { images, allowDerivedImages: true, commands: ['push'] });
  });
  afterAll(() => keeper?.stop());

  const docker = (...args: string[]) => lab.docker(args, { host: keeper.url, env: { DOCKER_BUILDKIT: '1' } });
  const done = (...args: string[]) =>
    lab.dockerOutput(args, { host: keeper.url, env: { DOCKER_BUILDKIT: '1' }, timeoutMs: 120_000 });

  async function build(dockerfile: string, ...args: string[]): Promise<void> {
    const context = mkdtempSync(join(lab.work, 'flow-'));
    writeFileSync(join(context, 'Dockerfile'), dockerfile);
    writeFileSync(join(context, 'install.sh'), 'echo feature >/usr/local/feature\n');
    await done('build', '--quiet', ...args, context);
  }

  /** An image of a moment, made of a listed one, and loaded as an archive: no Dockerfile is involved. */
  const loadOn = (from: string, name: string) =>
    lab.loadLocalOnly(name, { from, files: { '/cnb/order.toml': name }, config: { Labels: { author: 'pack' } } });

  test.each([
    ['the builder', BUILDER, 'pack.local/builder/6d7573696b:latest'],
    ['the lifecycle image', LIFECYCLE, 'pack.local/lifecycle/6765696765:latest'],
  ])('a buildpack build exports with an ephemeral image on %s', async (_what, parent, ephemeral) => {
    const app = `flow/app-${parent.length}:latest`;
    const run = ['run', '--rm', '-v', `${SOCKET}:${SOCKET}`, '-v', 'flow-layers:/layers', ephemeral];
    await done('pull', '-q', parent);
    await loadOn(parent, ephemeral);
    expect(await docker(...run, '/cnb/lifecycle/exporter', app)).toMatchObject({ code: 0, stdout: `[${app}]\n` });
    const pushed = await docker(...run, 'docker', 'push', app);
    expect(pushed.stderr).toContain('is blocked');
    await done('rmi', '-f', ephemeral, app);
    await done('volume', 'rm', 'flow-layers');
  });

  test('a buildpack build on a builder that is not listed gets no socket', async () => {
    const ephemeral = 'pack.local/builder/616e64:latest';
    await lab.publish('another/builder:base', { from: 'alpine', files: { '/cnb/another': '' } });
    await loadOn('another/builder:base', ephemeral);
    const run = await docker('run', '--rm', '-v', `${SOCKET}:${SOCKET}`, ephemeral, 'true');
    expect(run.stderr).toContain('image is not in the allowed list');
    await done('rmi', '-f', ephemeral);
  });

  test('a dev container has the socket of its features, built in two steps on a listed base', async () => {
    const [features, uid] = ['vsc-app-0123abcd-features', 'vsc-app-0123abcd-features-uid'];
    await done('pull', '-q', DEV_BASE);
    const target = ['--target', 'dev_containers_target_stage', '--build-arg', `_DEV_CONTAINERS_BASE_IMAGE=${DEV_BASE}`];
    await build(FEATURES, ...target, '--tag', features);
    await build(UPDATE_UID, '--build-arg', `BASE_IMAGE=${features}`, '--tag', uid);
    const mount = ['--mount', `type=bind,source=${SOCKET},target=/var/run/docker-host.sock`];
    const keepAlive = ['--entrypoint', '/bin/sh', uid, '-c', 'echo Container started; sleep 600'];
    const id = await done('run', '-d', '--sig-proxy=false', ...mount, ...keepAlive);
    const list = ['docker', '-H', 'unix:///var/run/docker-host.sock', 'ps', '--quiet', '--no-trunc'];
    const inside = await docker('exec', '-u', 'root', id, ...list);
    await done('rm', '-f', id);
    expect(inside.stdout.split('\n')).toContain(id);
  });
}
