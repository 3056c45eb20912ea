import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOutbox, type Outbox } from '../../../../main/control/outbox.ts';
import { createSubscriptions } from '../../../../main/control/subscriptions.ts';
import { ANSWER_CAP, UNREAD_CAP } from '../../../../shared/ipc/contract.ts';
import type { JournalEvent } from '../../../../shared/journal/event.ts';

/** A connection whose other end reads exactly when the test says so. */
class FakeSocket extends EventEmitter {
  readonly writable = true;
  readonly lines: string[] = [];
  writableLength = 0;
  writableNeedDrain = false;
  paused = false;

  write(text: string): void {
    this.lines.push(text);
    this.writableLength += text.length;
    this.writableNeedDrain = this.writableLength > 16_384;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  drain(): void {
    this.writableLength = 0;
    this.writableNeedDrain = false;
    this.emit('drain');
  }
}

let socket: FakeSocket;
let outbox: Outbox;

beforeEach(() => {
  socket = new FakeSocket();
  outbox = createOutbox(socket as unknown as Socket);
});

describe('answers', () => {
  it('beyond the cap become an error', () => {
    outbox.answer(3, { ok: true, value: 'x'.repeat(ANSWER_CAP) });
    expect(socket.lines.map((line) => JSON.parse(line))).toEqual([
      { id: 3, answer: { ok: false, error: { name: 'too-large', message: expect.any(String) } } },
    ]);
  });

  it('that stay unread stop us from reading more requests, until they are read', () => {
    outbox.answer(1, { ok: true, value: 'x'.repeat(UNREAD_CAP - 1000) });
    expect(socket.paused).toBe(false);
    outbox.answer(2, { ok: true, value: 'x'.repeat(2000) });
    expect(socket.paused).toBe(true);
    socket.drain();
    expect(socket.paused).toBe(false);
  });
});

describe('pushes', () => {
  it('come after the notice of those that were lost, never before it', () => {
    let push: (event: JournalEvent) => void = () => undefined;
    const source = {
      event: (_: unknown, given: typeof push) => {
        push = given;
        return () => undefined;
      },
    };
    const subscriptions = createSubscriptions(source, outbox);
    socket.on('drain', () => subscriptions.drained());
    const event = (sequence: number): JournalEvent => ({
      schema: 1,
      sequence,
      time: '2026-11-23T20:00:00.000Z',
      type: 'lifecycle',
      what: 'alarm',
      detail: 'x',
    });
    subscriptions.add(1, 'event', {});
    socket.writableLength = UNREAD_CAP + 1;
    socket.writableNeedDrain = true;
    push(event(1));
    // Some of it is read, but not all: there is room, and yet a later event must not overtake the notice.
    socket.writableLength = UNREAD_CAP / 2;
    push(event(2));
    socket.drain();
    push(event(3));
    const frames = socket.lines.slice(1).map((line) => JSON.parse(line));
    expect(frames).toEqual([
      { lost: 1, count: 2 },
      { push: 1, value: event(3) },
    ]);
  });
});
