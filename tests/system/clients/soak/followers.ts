import { connect } from 'node:net';
import { join } from 'node:path';
import { connectControl } from '../../../../main/control/client.ts';
import { dial, head } from '../../gate/raw-client.ts';
import { numberedLine, type Stage } from './stage.ts';

/** Somebody who follows something from the beginning to the end. */
export interface Follower {
  readonly follows: string;
  /** Ends it, and says what was wrong meanwhile; undefined when nothing was. */
  end(): string | undefined;
}

/** The numbered lines of the printer: none is missing, none comes twice. */
async function logsThrough(socket: string, printer: string, follows: string): Promise<Follower> {
  const client = await dial(socket);
  client.send(head(`GET /v1.41/containers/${printer}/logs?follow=1&stdout=1`));
  await client.until('\r\n\r\n');
  let last = 0;
  let problem: string | undefined;
  let over = false;
  const read = async () => {
    while (!over) {
      const line = await numberedLine(client);
      if (line !== last + 1) problem ??= `line ${line} came after line ${last}`;
      last = line;
    }
  };
  void read().catch((error: unknown) => {
    if (!over) problem ??= String(error);
  });
  return {
    follows,
    end() {
      over = true;
      client.destroy();
      return problem ?? (last === 0 ? 'no line came' : undefined);
    },
  };
}

/** The engine's events: each is whole. */
async function engineEvents(socket: string): Promise<Follower> {
  const client = await dial(socket);
  client.send(head('GET /v1.41/events'));
  await client.until('\r\n\r\n');
  let count = 0;
  let problem: string | undefined;
  let over = false;
  const read = async () => {
    while (!over) {
      const line = await client.until('\n');
      if (!line.startsWith('{')) continue;
      JSON.parse(line);
      count += 1;
    }
  };
  void read().catch((error: unknown) => {
    if (!over) problem ??= String(error);
  });
  return {
    follows: "the engine's events",
    end() {
      over = true;
      client.destroy();
      return problem ?? (count === 0 ? 'no event came' : undefined);
    },
  };
}

/** Lockkeeper's own events: each comes once and in order, or is counted as left out. */
async function journalEvents(state: string): Promise<Follower> {
  const connected = await connectControl({ path: join(state, 'control.sock') });
  if (!connected.ok) throw new Error(connected.error.message);
  const client = connected.value;
  let next = 1;
  let problem: string | undefined;
  let over = false;
  const subscribed = await client.subscribe(
    'event',
    { from: 1 },
    {
      value({ sequence, ...event }) {
        // The ring may have forgotten those before we came.
        if (next > 1 && sequence !== next) problem ??= `event ${sequence} came where ${next} was due`;
        next = sequence + 1;
        const failed = event.type === 'lifecycle' && event.what === 'internal-error';
        if (failed) problem ??= `an error inside Lockkeeper: ${event.detail}`;
      },
      lost(count) {
        next += count;
      },
    },
  );
  if (!subscribed.ok) throw new Error(subscribed.error.message);
  void client.closed.then(() => {
    if (!over) problem ??= 'the control connection was closed';
  });
  return {
    follows: "Lockkeeper's events",
    end() {
      over = true;
      client.close();
      return problem ?? (next === 1 ? 'no event came' : undefined);
    },
  };
}

/** Subscribes to everything and reads nothing of it. */
function sleepingSubscriber(state: string): Follower {
  const socket = connect({ path: join(state, 'control.sock') });
  let problem: string | undefined;
  socket.on('error', (error) => {
    problem ??= String(error);
  });
  socket.pause();
  for (const [id, subscribe] of ['event', 'status', 'containers', 'allowList'].entries()) {
    socket.write(`${JSON.stringify({ id, subscribe, input: {} })}\n`);
  }
  return {
    follows: 'everything, without reading it',
    end() {
      socket.destroy();
      return problem;
    },
  };
}

export async function startFollowers({ keeper, printer, filtered }: Stage): Promise<readonly Follower[]> {
  return [
    await logsThrough(keeper.hostGate, printer, 'logs through the host gate'),
    await logsThrough(filtered, printer, "logs through a container's socket"),
    await engineEvents(keeper.hostGate),
    await journalEvents(keeper.state),
    sleepingSubscriber(keeper.state),
  ];
}
