import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { AttachedLab } from '../../lab/lab.ts';
import { request } from '../../lab/request.ts';
import { head, json } from '../gate/raw-client.ts';
import { chance, type Random } from './seeded.ts';

/** What a client sends, and how much of an answer it can hope to see before it leaves. */
interface Exchange {
  readonly head: string;
  readonly body: Uint8Array | string;
  /** Bytes of the answer that come for certain. */
  readonly answer: number;
  readonly hijack: boolean;
}

/** Names what the exchanges are about: a container that prints all the time, and reads. */
export interface Stage {
  readonly container: string;
  /** A new exec of a program that reads, in that container. */
  newExec(): Promise<string>;
  /** Of every container that is created on the way. */
  readonly label: string;
}

/** About a container that reads and prints; what is created bears the label. */
export function abortStage(lab: AttachedLab, container: string, label: string): Stage {
  return {
    container,
    label,
    async newExec() {
      const body = { AttachStdin: true, AttachStdout: true, Cmd: ['cat'] };
      const made = await request(lab.engineSocket, `/v1.41/containers/${container}/exec`, { method: 'POST', body });
      return JSON.parse(made.body).Id;
    },
  };
}

/** Until an answer begins; the slowest are those of creates. */
const MOST_MS = 40_000;
const KIBIBYTE = 1024;
const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'];

type MakeExchange = (stage: Stage, random: Random) => Promise<Exchange> | Exchange;

const get = (target: string, answer: number): Exchange => ({
  head: head(`GET /v1.41${target}`),
  body: '',
  answer,
  hijack: false,
});

/** A body in chunks of random sizes, all zeros. */
function chunked(random: Random): string {
  const chunks = Array.from({ length: 1 + random.below(8) }, () => random.below(32 * KIBIBYTE) + 1);
  return `${chunks.map((size) => `${size.toString(16)}\r\n${'\0'.repeat(size)}\r\n`).join('')}0\r\n\r\n`;
}

function posted(line: string, body: unknown, answer: number): Exchange {
  const text = json(line, body);
  const end = text.indexOf('\r\n\r\n') + 4;
  return { head: text.slice(0, end), body: text.slice(end), answer, hijack: false };
}

const SOCKET = '/var/run/docker.sock';

const EXCHANGES: readonly MakeExchange[] = [
  () => ({ head: head('GET /_ping'), body: '', answer: 150, hijack: false }),
  () => get('/info', 1000),
  () => get('/containers/json?all=1', 200),
  () => get('/images/alpine/get', 1_000_000),
  () => get('/images/alpine/get', 1_000_000),
  // The shortest answer of all: it says no version of the API.
  () => get('/no/such/page', 140),
  () => get('/events?filters={"type":["plugin"]}', 100),
  ({ container }) => get(`/containers/${container}/logs?follow=1&stdout=1`, 500),
  ({ container }) => get(`/containers/${container}/stats`, 400),
  ({ container }) => ({
    ...get('', 100),
    head: head(`POST /v1.41/containers/${container}/wait`, 'Content-Length: 0'),
  }),
  () => posted('POST /v1.41/volumes/create', { Name: 'random-aborts', Labels: { a: 'b'.repeat(3000) } }, 200),
  () => posted('POST /v1.41/containers/create', { Image: 'nothing:here', Env: ['A=B'] }, 150),
  ({ label }) => {
    const HostConfig = { Binds: [`${SOCKET}:${SOCKET}`] };
    return posted('POST /v1.41/containers/create', { Image: 'docker:cli', Labels: { [label]: '' }, HostConfig }, 150);
  },
  () => posted('POST /v1.41/containers/create', { Image: 'alpine', HostConfig: { Binds: [`${SOCKET}:/s`] } }, 150),
  (_, random) => {
    const body = new Uint8Array(random.below(512 * KIBIBYTE));
    const type = 'Content-Type: application/x-tar';
    const fields = [type, `Content-Length: ${body.length}`];
    return { head: head('POST /v1.41/images/load', ...fields), body, answer: 100, hijack: false };
  },
  ({ container }, random) => ({
    head: head(`PUT /v1.41/containers/${container}/archive?path=/tmp`, 'Transfer-Encoding: chunked'),
    body: chunked(random),
    answer: 100,
    hijack: false,
  }),
  ({ container }) => ({
    head: head(`POST /v1.41/containers/${container}/attach?stream=1&stdin=1&stdout=1`, ...UPGRADE),
    body: '',
    answer: 300,
    hijack: true,
  }),
  async ({ newExec }) => ({
    ...posted(`POST /v1.41/exec/${await newExec()}/start`, { Detach: false, Tty: false }, 100),
    hijack: true,
  }),
  () => ({
    head: head('POST /session', 'Connection: Upgrade', 'Upgrade: h2c', `X-Docker-Expose-Session-Uuid: ${randomUUID()}`),
    body: '',
    answer: 60,
    hijack: true,
  }),
];

/** When the client leaves. */
const PHASES = ['in the head', 'in the body', 'before the answer', 'in the answer', 'after the upgrade'] as const;

/** One client that connects, sends and leaves, all by chance. */
export async function abortOnce(path: string, stage: Stage, random: Random): Promise<void> {
  const exchange = await random.one(EXCHANGES)(stage, random);
  const phase = random.one(PHASES.filter((one) => isPossible(one, exchange)));
  const sent = Buffer.concat([Buffer.from(exchange.head, 'latin1'), Buffer.from(exchange.body)]);
  const client = await connected(path);
  if (phase === 'in the head') await send(client, sent.subarray(0, random.below(exchange.head.length)), random);
  else if (phase === 'in the body') {
    const cut = exchange.head.length + random.below(exchange.body.length);
    await send(client, sent.subarray(0, cut), random);
  } else {
    await send(client, sent, random);
    if (phase !== 'before the answer') await received(client, 1 + random.below(exchange.answer), exchange);
    if (phase === 'after the upgrade') await send(client, Buffer.alloc(random.below(64 * KIBIBYTE), 'x\n'), random);
  }
  await leave(client, random);
}

function isPossible(phase: (typeof PHASES)[number], { body, hijack }: Exchange): boolean {
  if (phase === 'in the body') return body.length > 0;
  return phase !== 'after the upgrade' || hijack;
}

function connected(path: string): Promise<Socket> {
  const socket = connect({ path, allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // The other side may leave first: a broken pipe then.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** In one piece or in two, with a few turns of the event loop between: the pieces then arrive as two. */
async function send(client: Socket, bytes: Uint8Array, random: Random): Promise<void> {
  const cut = chance(random, 0.5) ? random.below(bytes.length + 1) : bytes.length;
  client.write(bytes.subarray(0, cut));
  if (cut === bytes.length) return;
  await turns(random);
  client.write(bytes.subarray(cut));
}

async function turns(random: Random): Promise<void> {
  for (let left = random.below(20); left > 0; left -= 1) await turn();
}

/** Resolves when so many bytes have come, or the stream is over. Rejects when neither happens. */
function received(client: Socket, wanted: number, { head: sent }: Exchange): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => {
      const [line] = sent.split('\r\n');
      reject(new Error(`${line}: ${client.bytesRead} of ${wanted} bytes within ${MOST_MS / 1000} s`));
    }, MOST_MS);
    const enough = () => {
      clearTimeout(deadline);
      resolve();
    };
    client.on('data', () => {
      if (client.bytesRead >= wanted) enough();
    });
    client.once('end', enough);
    client.once('close', enough);
  });
}

/** By closing, by closing with bytes unread (a reset), or by ending its side first. */
async function leave(client: Socket, random: Random): Promise<void> {
  const way = random.below(3);
  if (way === 0) client.pause();
  if (way === 1) client.end();
  await turns(random);
  client.destroy();
}
