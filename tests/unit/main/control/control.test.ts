import { once } from 'node:events';
import { lstat, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlClient, connectControl } from '../../../../main/control/client.ts';
import { type ControlServer, serveControl } from '../../../../main/control/server.ts';
import { openJournal } from '../../../../main/journal/journal.ts';
import { keepToOurselves } from '../../../../main/sockets/own-mask.ts';
import { type ControlHandlers, MOST_CLIENTS, REQUEST_CAP } from '../../../../shared/ipc/contract.ts';
import type { JournalEvent } from '../../../../shared/journal/event.ts';
import { emptyHandlers } from '../../shared/ipc/empty-handlers.ts';
import { snapshotSample } from '../../shared/ipc/snapshot-sample.ts';

type Push = (event: JournalEvent) => void;

let folder: string;
let path: string;
let server: ControlServer | undefined;
let clients: ControlClient[];
let pushers: Set<Push>;

function notice(sequence: number, detail = 'x'): JournalEvent {
  return { schema: 1, sequence, time: '2026-11-23T20:00:00.000Z', type: 'lifecycle', what: 'alarm', detail };
}

function handlersWith(requests: Partial<ControlHandlers['requests']> = {}): ControlHandlers {
  const empty = emptyHandlers();
  return {
    ...empty,
    requests: {
      ...empty.requests,
      status: () => ({ ok: false, error: { name: 'unavailable', message: 'not yet: wait' } }),
      policy: () => ({ ok: false, error: { name: 'unavailable', message: 'not yet: wait' } }),
      check: () => ({ ok: false, error: { name: 'unavailable', message: 'not yet: wait' } }),
      recentEvents: ({ limit }) => ({ ok: true, value: { run: 'r', events: [notice(limit)] } }),
      ...requests,
    },
    pushes: {
      ...empty.pushes,
      event: (_, push) => {
        pushers.add(push);
        return () => void pushers.delete(push);
      },
    },
  };
}

beforeEach(async () => {
  keepToOurselves();
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-control-'));
  path = join(folder, 'control.sock');
  clients = [];
  pushers = new Set();
});

afterEach(async () => {
  for (const client of clients) {
    client.close();
  }
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function serve(handlers = handlersWith()): Promise<ControlServer> {
  const result = await serveControl({ path, version: '1.2.3', handlers });
  if (!result.ok) {
    throw new Error(result.message);
  }
  server = result.server;
  return server;
}

async function connected(): Promise<ControlClient> {
  const result = await connectControl({ path, timeoutMs: 5000 });
  if (!result.ok) {
    throw new Error(result.error.message);
  }
  clients.push(result.value);
  return result.value;
}

/** A client that writes what it likes; `lines` gives what the server said, from its greeting on. */
async function raw(): Promise<{ socket: Socket; next: () => Promise<Record<string, unknown>> }> {
  const socket = connect(path);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return { socket, next: async () => JSON.parse((await lines.next()).value ?? '{"end":true}') };
}

describe('requests', () => {
  it('are answered with values and named errors', async () => {
    await serve();
    const client = await connected();
    expect(client.version).toBe('1.2.3');
    expect(await client.request('recentEvents', { limit: 7 })).toEqual({
      ok: true,
      value: { run: 'r', events: [notice(7)] },
    });
    expect(await client.request('status', {})).toEqual({
      ok: false,
      error: { name: 'unavailable', message: 'not yet: wait' },
    });
  });

  it('are checked before a handler sees them', async () => {
    await serve();
    const client = await connected();
    expect(await client.request('recentEvents', { limit: 0 })).toMatchObject({
      ok: false,
      error: { name: 'invalid-request', message: expect.stringContaining('limit') },
    });
  });

  it('survive handlers that throw or answer nonsense', async () => {
    const nonsense = { run: 'r', events: [{ type: 'nonsense' }] } as unknown as { run: string; events: JournalEvent[] };
    await serve(
      handlersWith({
        status: () => {
          throw new Error('boom');
        },
        recentEvents: async () => ({ ok: true, value: nonsense }),
      }),
    );
    const client = await connected();
    const internal = { ok: false, error: { name: 'internal-error' } };
    expect(await client.request('status', {})).toMatchObject(internal);
    expect(await client.request('recentEvents', { limit: 1 })).toMatchObject(internal);
  });

  it.each(['nope', '__proto__', 'constructor', 'toString'])('that are unknown get a named error: %s', async (name) => {
    await serve();
    const { socket, next } = await raw();
    await next();
    socket.write(`${JSON.stringify({ id: 4, request: name, input: {} })}\n`);
    expect(await next()).toMatchObject({ id: 4, answer: { ok: false, error: { name: 'unknown-request' } } });
    socket.write(`${JSON.stringify({ id: 5, subscribe: name, input: {} })}\n`);
    expect(await next()).toMatchObject({ id: 5, answer: { ok: false, error: { name: 'unknown-request' } } });
    socket.destroy();
  });

  it('beyond the number at work are turned away, and the others answered', async () => {
    let free: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      free = resolve;
    });
    await serve(
      handlersWith({
        recentEvents: async () => {
          await gate;
          return { ok: true, value: { run: 'r', events: [] } };
        },
      }),
    );
    const client = await connected();
    const asked = Array.from({ length: 10 }, () => client.request('recentEvents', { limit: 1 }));
    await client.request('status', {});
    free();
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer.ok)).toHaveLength(8);
    expect(answers[9]).toMatchObject({ ok: false, error: { name: 'busy' } });
  });

  it.each(['GET / HTTP/1.1\r\n\r\n', '{"id":1}\n', 'null\n', '\n', '[[[[\n'])(
    'end with what is no request: %j',
    async (text) => {
      await serve();
      const { socket, next } = await raw();
      expect(await next()).toMatchObject({ hello: { protocol: 1, version: '1.2.3' } });
      socket.write(text);
      expect(await next()).toMatchObject({ answer: { ok: false, error: { name: 'invalid-request' } } });
      expect(await next()).toEqual({ end: true });
    },
  );

  it('end when they are too large, without waiting for their end', async () => {
    await serve();
    const { socket, next } = await raw();
    await next();
    socket.write('x'.repeat(REQUEST_CAP + 1));
    expect(await next()).toMatchObject({ answer: { ok: false, error: { name: 'too-large' } } });
    expect(await next()).toEqual({ end: true });
  });

  it('may come in pieces, and several in one', async () => {
    await serve();
    const { socket, next } = await raw();
    await next();
    const line = (id: number): string => JSON.stringify({ id, request: 'recentEvents', input: { limit: 1 } });
    socket.write(line(1).slice(0, 10));
    socket.write(`${line(1).slice(10)}\n${line(2)}\n`);
    expect(await next()).toMatchObject({ id: 1, answer: { ok: true } });
    expect(await next()).toMatchObject({ id: 2, answer: { ok: true } });
    socket.destroy();
  });
});

describe('subscriptions', () => {
  it('bring events until they end', async () => {
    await serve();
    const client = await connected();
    const seen: number[] = [];
    const subscribed = await client.subscribe(
      'event',
      {},
      { value: (e) => seen.push(e.sequence), lost: () => undefined },
    );
    for (const push of pushers) {
      push(notice(1));
      push(notice(2));
    }
    await client.request('status', {});
    expect(seen).toEqual([1, 2]);
    if (subscribed.ok) {
      subscribed.value();
    }
    await client.request('status', {});
    expect(pushers.size).toBe(0);
  });

  it('end with their client', async () => {
    await serve();
    const client = await connected();
    await client.subscribe('event', {}, { value: () => undefined, lost: () => undefined });
    const other = await connected();
    expect(pushers.size).toBe(1);
    client.close();
    await client.closed;
    while (pushers.size > 0) {
      await other.request('status', {});
    }
  });

  it('are bounded in number', async () => {
    await serve();
    const client = await connected();
    const sink = { value: () => undefined, lost: () => undefined };
    const results = await Promise.all(Array.from({ length: 17 }, () => client.subscribe('event', {}, sink)));
    expect(results.filter((result) => !result.ok)).toHaveLength(1);
    expect(pushers.size).toBe(16);
  });

  it('lose what a client does not read, hold little of it, tell how much, and go on', async () => {
    await serve();
    const { socket, next } = await raw();
    await next();
    socket.pause();
    socket.write(`${JSON.stringify({ id: 1, subscribe: 'event', input: {} })}\n`);
    const other = await connected();
    while (pushers.size === 0) {
      await other.request('status', {});
    }
    const total = 20_000;
    const before = process.memoryUsage().external + process.memoryUsage().heapUsed;
    for (const push of pushers) {
      for (let sequence = 1; sequence <= total; sequence += 1) {
        push(notice(sequence, 'x'.repeat(2000)));
      }
    }
    expect(process.memoryUsage().external + process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
    socket.resume();
    expect(await next()).toMatchObject({ id: 1, answer: { ok: true } });
    let got = 0;
    let frame = await next();
    while ('push' in frame) {
      got += 1;
      expect(frame.value).toMatchObject({ sequence: got });
      frame = await next();
    }
    expect(frame).toEqual({ lost: 1, count: total - got });
    expect(got).toBeGreaterThan(1000);
    for (const push of pushers) {
      push(notice(total + 1));
    }
    expect(await next()).toMatchObject({ push: 1, value: { sequence: total + 1 } });
    socket.destroy();
  });

  it('carry a journal from recent events into live ones without a gap', async () => {
    const journal = await openJournal({ folder, writePasses: () => false });
    await serve({
      ...emptyHandlers(),
      requests: {
        ...handlersWith().requests,
        recentEvents: (filter) => ({ ok: true, value: { run: journal.run, events: [...journal.recent(filter)] } }),
      },
      pushes: {
        ...emptyHandlers().pushes,
        event: ({ from }, push) => journal.subscribe(push, from === undefined ? {} : { from }),
      },
    });
    const client = await connected();
    const record = (): JournalEvent => journal.record({ type: 'lifecycle', what: 'alarm', detail: 'x' });
    record();
    const recent = await client.request('recentEvents', { limit: 10 });
    record();
    const seen: number[] = [];
    const last = recent.ok ? (recent.value.events.at(-1)?.sequence ?? 0) : 0;
    await client.subscribe('event', { from: last + 1 }, { value: (e) => seen.push(e.sequence), lost: () => undefined });
    record();
    await client.request('status', {});
    expect([last, ...seen]).toEqual([1, 2, 3]);
    await journal.close();
  });
});

describe('the control socket', () => {
  it('is private, replaces that of a dead instance, and goes with the server', async () => {
    const dead = await serve();
    await dead.close();
    await writeFile(path, '');
    await rm(path);
    const left = createServer().listen(path);
    await once(left, 'listening');
    // As after a kill: the socket file stays, and nobody accepts on it any more.
    const { rename } = await import('node:fs/promises');
    await rename(path, `${path}.kept`);
    left.close();
    await rename(`${path}.kept`, path);
    const current = await serve();
    expect((await lstat(path)).mode & 0o777).toBe(0o700);
    await connected();
    await current.close();
    server = undefined;
    await expect(lstat(path)).rejects.toThrow('ENOENT');
  });

  it('takes the place of nothing else', async () => {
    await writeFile(path, 'precious');
    expect(await serveControl({ path, version: '1', handlers: handlersWith() })).toMatchObject({
      ok: false,
      message: expect.stringContaining(`${path} is not a socket`),
    });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });

  it('says why it cannot be opened', async () => {
    const missing = join(folder, 'missing', 'control.sock');
    expect(await serveControl({ path: missing, version: '1', handlers: handlersWith() })).toMatchObject({
      ok: false,
      message: expect.stringContaining(missing),
    });
  });

  it('turns clients away beyond its number, and takes new ones when others go', async () => {
    await serve();
    for (let index = 0; index < MOST_CLIENTS; index += 1) {
      await connected();
    }
    expect((await connectControl({ path, timeoutMs: 2000 })).ok).toBe(false);
    const [first] = clients;
    first?.close();
    let again = await connectControl({ path, timeoutMs: 2000 });
    while (!again.ok) {
      again = await connectControl({ path, timeoutMs: 2000 });
    }
    clients.push(again.value);
  });
});

describe('the client', () => {
  it('says when nobody runs', async () => {
    expect(await connectControl({ path })).toMatchObject({
      ok: false,
      error: { name: 'not-running', message: expect.stringContaining(`no Lockkeeper answers at ${path}`) },
    });
  });

  async function withServer(answer: (socket: Socket) => void, use: () => Promise<void>): Promise<void> {
    const sockets = new Set<Socket>();
    const fake = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      answer(socket);
    });
    fake.listen(path);
    await once(fake, 'listening');
    await use();
    for (const socket of sockets) {
      socket.destroy();
    }
    fake.close();
  }

  const hello = (protocol: number): string =>
    `${JSON.stringify({ hello: { protocol, version: '9', snapshot: snapshotSample } })}\n`;

  it('says when the other speaks another protocol', async () => {
    await withServer(
      (socket) => socket.write(hello(2)),
      async () => {
        const result = await connectControl({ path });
        expect(result).toMatchObject({
          ok: false,
          error: { name: 'other-version', message: expect.stringContaining('9') },
        });
      },
    );
  });

  it.each([
    ['none', undefined],
    ['one with a word more', { ...snapshotSample, more: 1 }],
  ])('takes no greeting with a snapshot that is not as agreed: %s', async (_, snapshot) => {
    await withServer(
      (socket) => socket.write(`${JSON.stringify({ hello: { protocol: 1, version: '9', snapshot } })}\n`),
      async () => {
        const result = await connectControl({ path });
        expect(result).toMatchObject({ ok: false, error: { name: 'invalid-answer' } });
      },
    );
  });

  it('does not wait for ever for a greeting or an answer', async () => {
    await withServer(
      () => undefined,
      async () => {
        expect(await connectControl({ path, timeoutMs: 30 })).toMatchObject({
          ok: false,
          error: { name: 'no-answer' },
        });
      },
    );
    await withServer(
      (socket) => socket.write(hello(1)),
      async () => {
        const result = await connectControl({ path, timeoutMs: 30 });
        expect(result.ok && (await result.value.request('status', {}))).toMatchObject({ error: { name: 'no-answer' } });
        if (result.ok) {
          result.value.close();
        }
      },
    );
  });

  it.each([
    ['a value that is not as agreed', '{"id":1,"answer":{"ok":true,"value":{"run":1}}}\n', 'invalid-answer'],
    ['no JSON', 'oops\n', 'not-running'],
    ['an unknown frame', '{"what":1}\n', 'not-running'],
    ['the end', '', 'not-running'],
  ])('takes %s for an error', async (_, text, name) => {
    await withServer(
      (socket) => {
        socket.write(hello(1));
        socket.on('data', () => (text === '' ? socket.destroy() : socket.write(text)));
      },
      async () => {
        const result = await connectControl({ path, timeoutMs: 5000 });
        expect(result.ok && (await result.value.request('recentEvents', { limit: 1 }))).toMatchObject({
          error: { name },
        });
        if (result.ok) {
          result.value.close();
        }
      },
    );
  });

  it('says when the server goes away', async () => {
    const running = await serve();
    const client = await connected();
    await running.close();
    server = undefined;
    await client.closed;
    expect(await client.request('status', {})).toMatchObject({ ok: false, error: { name: 'not-running' } });
  });
});
