import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel, ChannelEvents } from '../../../../main/control/channel.ts';
import { serveConnection } from '../../../../main/control/connection.ts';
import { createOutbox } from '../../../../main/control/outbox.ts';
import { ANSWER_CAP, type ControlHandlers, type PushValue, UNREAD_CAP } from '../../../../shared/ipc/contract.ts';
import type { JournalEvent } from '../../../../shared/journal/event.ts';
import { emptyHandlers } from '../../shared/ipc/empty-handlers.ts';

/** A client that reads exactly when the test says so. */
class FakeChannel implements Channel {
  readonly frames: unknown[] = [];
  events: ChannelEvents | undefined;
  unread = 0;
  paused = false;

  listen(events: ChannelEvents): void {
    this.events = events;
  }
  send(text: string): void {
    this.frames.push(JSON.parse(text));
    this.unread += text.length;
  }
  unsent = (): number => this.unread;
  isWaiting = (): boolean => this.unread > 16_384;
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  end(): void {}
  receive(frame: unknown): void {
    this.events?.text(JSON.stringify(frame));
  }
  drain(): void {
    this.unread = 0;
    this.events?.drained();
  }
}

let channel: FakeChannel;

beforeEach(() => {
  channel = new FakeChannel();
});

function serve(requests: Partial<ControlHandlers['requests']>, pushes: Partial<ControlHandlers['pushes']> = {}): void {
  const empty = emptyHandlers();
  const handlers = { ...empty, requests: { ...empty.requests, ...requests }, pushes: { ...empty.pushes, ...pushes } };
  serveConnection(channel, handlers, { version: '1' });
}

function eventWith(sequence: number): Extract<JournalEvent, { type: 'lifecycle' }> {
  return { schema: 1, sequence, time: '2026-11-23T20:00:00.000Z', type: 'lifecycle', what: 'alarm', detail: 'x' };
}

describe('answers', () => {
  it('beyond the cap become an error', () => {
    createOutbox(channel).answer(3, { ok: true, value: 'x'.repeat(ANSWER_CAP) });
    expect(channel.frames).toEqual([
      { id: 3, answer: { ok: false, error: { name: 'too-large', message: expect.any(String) } } },
    ]);
  });

  it('that stay unread stop us from reading more requests, until they are read', () => {
    serve({});
    channel.drain();
    const outbox = createOutbox(channel);
    outbox.answer(1, { ok: true, value: 'x'.repeat(UNREAD_CAP - 1000) });
    expect(channel.paused).toBe(false);
    outbox.answer(2, { ok: true, value: 'x'.repeat(2000) });
    expect(channel.paused).toBe(true);
    channel.drain();
    expect(channel.paused).toBe(false);
  });
});

describe('pushes', () => {
  it('beyond the cap are lost, and counted', () => {
    serve(
      {},
      {
        event: (_, push) => {
          push({ ...eventWith(1), detail: 'x'.repeat(ANSWER_CAP) });
          push(eventWith(2));
          return () => undefined;
        },
      },
    );
    channel.receive({ id: 1, subscribe: 'event', input: {} });
    expect(channel.frames.slice(1)).toEqual([
      { id: 1, answer: { ok: true, value: null } },
      { lost: 1, count: 1 },
      { push: 1, value: eventWith(2) },
    ]);
  });

  it('that cannot even begin are an error, and nothing stands', () => {
    serve(
      {},
      {
        event: (_, push) => {
          push(eventWith(1));
          throw new Error('broken');
        },
      },
    );
    channel.receive({ id: 1, subscribe: 'event', input: {} });
    channel.receive({ id: 1, subscribe: 'event', input: {} });
    const error = { name: 'internal-error', message: expect.stringContaining('broken') };
    expect(channel.frames.slice(1)).toEqual([
      { id: 1, answer: { ok: false, error } },
      { id: 1, answer: { ok: false, error } },
    ]);
  });

  it('come after the notice of those that were lost, never before it', () => {
    let push: (event: PushValue<'event'>) => void = () => undefined;
    serve(
      {},
      {
        event: (_, given) => {
          push = given;
          return () => undefined;
        },
      },
    );
    channel.receive({ id: 1, subscribe: 'event', input: {} });
    channel.unread = UNREAD_CAP + 1;
    push(eventWith(1));
    // Some of it is read, but not all: there is room, and yet a later event must not overtake the notice.
    channel.unread = UNREAD_CAP / 2;
    push(eventWith(2));
    channel.drain();
    push(eventWith(3));
    expect(channel.frames.slice(2)).toEqual([
      { lost: 1, count: 2 },
      { push: 1, value: eventWith(3) },
    ]);
  });
});
