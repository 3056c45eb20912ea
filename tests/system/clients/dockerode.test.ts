import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { attachLab } from '../../lab/lab.ts';
import { type Running, startLockkeeper } from '../running.ts';
import { sameBothWays, type Way, waysTo } from './both-ways.ts';

const lab = attachLab(inject('lab'));
const NAME = 'test-dockerode';
const IMAGE = 'test-dockerode-image';
const MEGABYTES = 3_000_000;
let keeper: Running;
let ways: readonly [Way, Way];

beforeAll(async () => {
  keeper = await startLockkeeper(lab);
  ways = waysTo(lab, keeper);
  await lab.dockerOutput(['pull', '-q', 'alpine']);
});
afterAll(() => keeper.stop());

const cleanUp = async () => {
  await lab.docker(['rm', '-f', '-v', NAME]);
  await lab.docker(['rmi', '-f', IMAGE]);
};
afterEach(cleanUp);

function same<T>(scenario: (docker: Docker) => Promise<T>): Promise<T> {
  return sameBothWays(ways, ({ socket }) => scenario(new Docker({ socketPath: socket })), cleanUp);
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The two streams that are multiplexed in a stream without a terminal. */
async function streamsIn(docker: Docker, stream: NodeJS.ReadableStream) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, stdout, stderr);
  stream.once('end', () => {
    stdout.end();
    stderr.end();
  });
  return { stdout: await textOf(stdout), stderr: await textOf(stderr) };
}

/** Reads until the text is there, and leaves the stream open. */
async function waitFor(stream: NodeJS.ReadableStream, text: string): Promise<void> {
  let seen = '';
  await new Promise<void>((resolve) => {
    const look = (chunk: Buffer) => {
      seen += chunk.toString();
      if (!seen.includes(text)) return;
      stream.off('data', look);
      resolve();
    };
    stream.on('data', look);
  });
}

const running = (docker: Docker, ...Cmd: string[]) =>
  docker.createContainer({ Image: 'alpine', name: NAME, Cmd: Cmd.length > 0 ? Cmd : ['sleep', '600'] });

describe('dockerode', () => {
  it('attach with hijack: input, its end, and both outputs', async () => {
    const outcome = await same(async (docker) => {
      const Cmd = ['sh', '-c', 'sort -r; echo after >&2'];
      const container = await docker.createContainer({
        Image: 'alpine',
        name: NAME,
        Cmd,
        OpenStdin: true,
        StdinOnce: true,
      });
      const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
      const stream = await container.attach(options);
      await container.start();
      stream.end('one\ntwo\n');
      const output = await streamsIn(docker, stream);
      return { output, end: await container.wait() };
    });
    expect(outcome).toEqual({
      output: { stdout: 'two\none\n', stderr: 'after\n' },
      end: { Error: null, StatusCode: 0 },
    });
  });

  it('exec with hijack and standard input of megabytes', async () => {
    const outcome = await same(async (docker) => {
      const container = await running(docker);
      await container.start();
      const exec = await container.exec({
        Cmd: ['sh', '-c', 'wc -c; echo after >&2; exit 3'],
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
      });
      const stream = await exec.start({ hijack: true, stdin: true });
      stream.end(Buffer.alloc(MEGABYTES, 'x'));
      const output = await streamsIn(docker, stream);
      return { output, code: (await exec.inspect()).ExitCode };
    });
    expect(outcome).toEqual({ output: { stdout: `${MEGABYTES}\n`, stderr: 'after\n' }, code: 3 });
  });

  it('exec without hijack, and with a terminal', async () => {
    const outcome = await same(async (docker) => {
      const container = await running(docker);
      await container.start();
      const plain = await container.exec({ Cmd: ['echo', 'plain'], AttachStdout: true });
      const tty = await container.exec({ Cmd: ['tty'], AttachStdout: true, Tty: true });
      return {
        plain: await streamsIn(docker, await plain.start({})),
        tty: await textOf(await tty.start({ Tty: true, hijack: true, stdin: false })),
      };
    });
    expect(outcome).toEqual({ plain: { stdout: 'plain\n', stderr: '' }, tty: '/dev/pts/0\r\n' });
  });

  it('pull with its progress, and the error of a name that is nowhere', async () => {
    const outcome = await same(async (docker) => {
      await docker
        .getImage('busybox')
        .remove({ force: true })
        .catch(() => undefined);
      const stream = await docker.pull('busybox:latest');
      const steps = await new Promise<{ status?: string }[]>((resolve, reject) => {
        docker.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output)));
      });
      const nowhere = await docker.pull('nowhere:1').then(String, ({ statusCode }) => ({ statusCode }));
      return { last: steps.at(-1), several: steps.length > 4, nowhere };
    });
    expect(outcome.last).toEqual({ status: 'Status: Downloaded newer image for busybox:latest' });
    expect(outcome).toMatchObject({ several: true, nowhere: { statusCode: 500 } });
  });

  it('build from a stream whose length is not known', async () => {
    const big = randomBytes(MEGABYTES);
    const outcome = await same(async (docker) => {
      const context = pack();
      context.entry({ name: 'Dockerfile' }, 'FROM alpine\nCOPY big /big\nRUN wc -c /big\n');
      context.entry({ name: 'big' }, big);
      context.finalize();
      const stream = await docker.buildImage(Readable.from(context), { t: IMAGE, nocache: true });
      const lines = await new Promise<{ stream?: string }[]>((resolve, reject) => {
        docker.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output)));
      });
      return lines.map((line) => line.stream ?? '').join('');
    });
    expect(outcome).toContain(`${MEGABYTES} /big\n`);
    expect(outcome).toContain(`Successfully tagged ${IMAGE}:latest\n`);
  });

  it('events as they happen, until the client leaves', async () => {
    const outcome = await same(async (docker) => {
      const stream = await docker.getEvents({ filters: { container: [NAME], event: ['create', 'destroy'] } });
      const created = waitFor(stream, '"Action":"create"');
      const container = await running(docker);
      await created;
      const destroyed = waitFor(stream, '"Action":"destroy"');
      await container.remove();
      await destroyed;
      const closed = once(stream, 'close');
      (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
      await closed;
      return 'seen';
    });
    expect(outcome).toBe('seen');
  });

  it('logs with follow: lines as they come, and the end', async () => {
    const outcome = await same(async (docker) => {
      const container = await running(
        docker,
        'sh',
        '-c',
        'echo one; until [ -e /go ]; do usleep 10000; done; echo two',
      );
      await container.start();
      const stream = await container.logs({ follow: true, stdout: true, stderr: true });
      const seen = waitFor(stream, 'one\n');
      const streams = streamsIn(docker, stream);
      await seen;
      await container.putArchive(await tarOf('go', ''), { path: '/' });
      return streams;
    });
    expect(outcome).toEqual({ stdout: 'one\ntwo\n', stderr: '' });
  });

  it('archives in and out, of megabytes', async () => {
    const big = randomBytes(MEGABYTES);
    const outcome = await same(async (docker) => {
      const container = await running(docker);
      await container.putArchive(await tarOf('big', big), { path: '/tmp' });
      const archive = Buffer.from(await bytesOf(await container.getArchive({ path: '/tmp/big' })));
      const missing = await container.getArchive({ path: '/none' }).catch((error) => error.statusCode);
      return { length: archive.length, whole: archive.includes(big), missing };
    });
    expect(outcome).toMatchObject({ whole: true, missing: 404 });
  });

  it('stats, top, inspect and the answer to a conflict', async () => {
    const outcome = await same(async (docker) => {
      const container = await running(docker);
      await container.start();
      const stream = await container.stats({ stream: true });
      await waitFor(stream, '\n');
      (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
      const conflict = await running(docker).catch(({ statusCode, json }) => ({ statusCode, json }));
      return { titles: (await container.top()).Titles, state: (await container.inspect()).State.Status, conflict };
    });
    expect(outcome).toMatchObject({ state: 'running', conflict: { statusCode: 409 } });
  });
});

async function tarOf(name: string, content: string | Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  return bytesOf(Readable.from(archive));
}

async function bytesOf(stream: AsyncIterable<Uint8Array | string>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
