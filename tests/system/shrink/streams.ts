import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dial, head, json, type RawClient } from '../gate/raw-client.ts';
import type { Running } from '../running.ts';

/** Where a container's filtered socket is on the host: what its container reaches, reached without the container. */
export function socketOf(keeper: Running, containerId: string): string {
  for (const file of readdirSync(join(keeper.state, 'holders'))) {
    if (!file.endsWith('.json')) continue;
    const record = JSON.parse(readFileSync(join(keeper.state, 'holders', file), 'utf8'));
    if (record.containerId === containerId) return join(keeper.state, 'sockets', record.key, 'docker.sock');
  }
  throw new Error(`container ${containerId} holds no socket`);
}

/** A stream that was begun through some socket. */
export interface Stream {
  readonly client: RawClient;
  /** Whether the connection is still open on our side. */
  isOpen(): boolean;
}

function follow(client: RawClient): Stream {
  let open = true;
  client.socket.once('close', () => {
    open = false;
  });
  client.socket.on('end', () => client.socket.end());
  return { client, isOpen: () => open };
}

/** Sends a request and resolves when its answer has begun. */
export async function begin(socket: string, request: string): Promise<Stream> {
  const client = await dial(socket);
  const stream = follow(client);
  client.send(request);
  const answer = await client.until('\r\n\r\n');
  if (!/^HTTP\/1\.1 (101|200)/.test(answer)) throw new Error(`no stream: ${answer}`);
  return stream;
}

const UPGRADE = ['Connection: Upgrade', 'Upgrade: tcp'];
/** As buildx and the builder of the docker CLI open it. */
const session = () => [
  'Connection: Upgrade',
  'Upgrade: h2c',
  `X-Docker-Expose-Session-Uuid: ${randomUUID()}`,
  'X-Docker-Expose-Session-Name: shrink',
];

/** Each kind of stream that the engine has, on one container that runs `cat` with its input open. */
export async function beginAll(socket: string, container: string): Promise<Readonly<Record<string, Stream>>> {
  const at = `/v1.41/containers/${container}`;
  const exec = await dial(socket);
  exec.send(json(`POST ${at}/exec`, { AttachStdin: true, AttachStdout: true, Tty: true, Cmd: ['cat'] }));
  const { Id } = JSON.parse((await exec.answer('POST')).body) as { Id: string };
  exec.destroy();
  return {
    logs: await begin(socket, head(`GET ${at}/logs?follow=1&stdout=1`)),
    events: await begin(socket, head('GET /v1.41/events')),
    attach: await begin(socket, head(`POST ${at}/attach?stream=1&stdin=1&stdout=1`, ...UPGRADE)),
    exec: await begin(
      socket,
      json(`POST /v1.41/exec/${Id}/start`, { Tty: true }).replace('\r\n', `\r\n${UPGRADE.join('\r\n')}\r\n`),
    ),
    wait: await begin(socket, head(`POST ${at}/wait`)),
    session: await begin(socket, head('POST /session', ...session())),
  };
}

/** The names of the streams that are open. */
export function openOf(streams: Readonly<Record<string, Stream>>): readonly string[] {
  return Object.entries(streams).flatMap(([name, stream]) => (stream.isOpen() ? [name] : []));
}

export function endAll(streams: Readonly<Record<string, Stream>>): void {
  for (const { client } of Object.values(streams)) client.destroy();
}
