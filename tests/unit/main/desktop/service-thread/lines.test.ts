import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../../../main/control/channel.ts';
import { openLines } from '../../../../../main/desktop/service-thread/open-lines.ts';
import { servedLines } from '../../../../../main/desktop/service-thread/served-lines.ts';

/** Both threads' ends of the lines, with messages that arrive at once, and a service that answers in capitals. */
function bothEnds() {
  const served = servedLines((message) => opened.take(message));
  const opened = openLines((message) => served.take(message));
  const channels: Channel[] = [];
  const serve = (channel: Channel) => {
    channels.push(channel);
    channel.listen({
      text: (text) => channel.send(text.toUpperCase()),
      tooLong: () => undefined,
      drained: () => undefined,
      closed: () => void channels.splice(channels.indexOf(channel), 1),
    });
  };
  const seen: string[] = [];
  const open = (name: string) =>
    opened.open({
      frames: (texts) => seen.push(`${name}: ${texts.join(' ')}`),
      closed: () => seen.push(`${name} closed`),
    });
  /** What was sent to a line goes together, and is handed over before its end. */
  const end = () => {
    for (const channel of [...channels]) channel.end();
  };
  return { served, opened, serve, channels, open, end, seen };
}

describe('lines to the service in its thread', () => {
  it('are served once it runs, those of before it ran included, each for itself', async () => {
    const { served, serve, open, end, seen } = bothEnds();
    open('early').frame('a');
    served.serve(serve);
    open('late').frame('b');
    await Promise.resolve();
    end();
    expect(seen).toEqual(['early: A', 'early closed', 'late: B', 'late closed']);
  });

  it('that are closed before it runs are not served', () => {
    const { served, serve, open, channels } = bothEnds();
    open('gone').close();
    served.serve(serve);
    expect(channels).toEqual([]);
  });

  it('are closed by us without a word back, and take nothing after that', async () => {
    const { served, serve, open, channels, seen } = bothEnds();
    served.serve(serve);
    const line = open('a');
    line.close();
    line.close();
    line.frame('x');
    line.read(1);
    await Promise.resolve();
    expect([channels, seen]).toEqual([[], []]);
  });

  it('all end with the service, once', () => {
    const { opened, open, seen } = bothEnds();
    open('a');
    open('b').close();
    open('c');
    opened.end();
    opened.end();
    expect(seen).toEqual(['a closed', 'c closed']);
  });

  it('end when more is said to be read than was sent, as a page’s do', () => {
    const { served, serve, open, seen } = bothEnds();
    served.serve(serve);
    open('a').read(1);
    expect(seen).toEqual(['a closed']);
  });
});
