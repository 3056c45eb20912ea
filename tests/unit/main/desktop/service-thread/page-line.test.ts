import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type PageLine, pageLine } from '../../../../../main/desktop/service-thread/page-line.ts';
import { REQUEST_CAP } from '../../../../../shared/ipc/contract.ts';

/** A line with what became of it on both sides. */
function observed(isListening = true): { line: PageLine; seen: string[] } {
  const seen: string[] = [];
  const line = pageLine({
    frames: (texts) => seen.push(`page: ${texts.join(' ')}`),
    ended: () => seen.push('page: closed'),
  });
  const listen = () =>
    line.channel.listen({
      text: (text) => seen.push(text.length > 20 ? `${text.length} characters` : text),
      tooLong: () => seen.push('too long'),
      drained: () => seen.push('drained'),
      closed: () => seen.push('closed'),
    });
  if (isListening) listen();
  return { line, seen };
}

describe('a line of a page', () => {
  it('tells what comes, and what came before anybody listened, once the listener has had its say', async () => {
    const { line, seen } = observed(false);
    line.frame('a');
    line.channel.listen({
      text: (text) => seen.push(text),
      tooLong: () => undefined,
      drained: () => undefined,
      closed: () => undefined,
    });
    seen.push('greeted');
    await Promise.resolve();
    line.frame('b');
    expect(seen).toEqual(['greeted', 'a', 'b']);
  });

  it('counts what the page has not read in bytes, and says when it has read all', () => {
    const { line, seen } = observed();
    line.channel.send('é');
    line.channel.send('x');
    expect([line.channel.unsent(), line.channel.isWaiting()]).toEqual([3, true]);
    line.read(1);
    expect(line.channel.unsent()).toBe(1);
    line.read(1);
    expect([line.channel.unsent(), line.channel.isWaiting()]).toEqual([0, false]);
    expect(seen).toEqual(['drained']);
  });

  it('ends when the page has read more than there was', () => {
    const { line, seen } = observed();
    line.channel.send('x');
    line.read(2);
    expect(seen).toEqual(['page: x', 'closed', 'page: closed']);
  });

  it('hands on at once what comes after a quiet while, and brings together what follows', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { line, seen } = observed();
    line.channel.send('a');
    line.channel.send('b');
    vi.advanceTimersByTime(1);
    expect(seen).toEqual(['page: a b']);
    for (const text of ['c', 'd', 'e']) {
      line.channel.send(text);
      vi.advanceTimersByTime(20);
    }
    expect(seen).toHaveLength(1);
    vi.advanceTimersByTime(40);
    expect(seen.slice(1)).toEqual(['page: c d e']);
    vi.advanceTimersByTime(100);
    line.channel.send('f');
    vi.advanceTimersByTime(1);
    expect(seen.slice(2)).toEqual(['page: f']);
  });

  it('hands over what waits before the end', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { line, seen } = observed();
    line.channel.send('c');
    line.channel.end();
    expect(seen).toEqual(['page: c', 'closed', 'page: closed']);
    vi.advanceTimersByTime(200);
    expect(seen).toHaveLength(3);
  });

  it('holds what comes while it is paused, in order and within a bound', () => {
    const { line, seen } = observed();
    line.channel.pause();
    line.frame('a');
    line.frame('b');
    expect(seen).toEqual([]);
    line.channel.resume();
    expect(seen).toEqual(['a', 'b']);
    line.channel.pause();
    for (let count = 0; count < 5; count += 1) line.frame('x'.repeat(REQUEST_CAP));
    expect(seen.slice(2)).toEqual(['closed', 'page: closed']);
  });

  it('takes a frame of as many bytes as a request may have, and none that is longer', () => {
    const { line, seen } = observed();
    line.frame('x'.repeat(REQUEST_CAP));
    line.frame('é'.repeat(REQUEST_CAP / 2 + 1));
    expect(seen).toEqual([`${REQUEST_CAP} characters`, 'too long']);
  });

  it('ends when frames come faster than people ask', () => {
    const { line, seen } = observed();
    for (let count = 0; count < 1_000; count += 1) line.frame('a');
    expect(seen.slice(-2)).toEqual(['closed', 'page: closed']);
    expect(seen.length).toBeLessThan(400);
  });

  it('is closed once, and silent after that', () => {
    const { line, seen } = observed();
    line.gone();
    line.gone();
    line.channel.end();
    line.channel.send('x');
    line.frame('a');
    expect(seen).toEqual(['closed']);
  });

  it('tells a listener that comes too late that it is closed', () => {
    const { line, seen } = observed(false);
    line.gone();
    line.channel.listen({
      text: () => undefined,
      tooLong: () => undefined,
      drained: () => undefined,
      closed: () => seen.push('closed'),
    });
    expect(seen).toEqual(['closed']);
  });
});
