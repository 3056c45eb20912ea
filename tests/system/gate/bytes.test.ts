import type { Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { endThrough, outliveBrokenPipe, writeThrough } from '../../../main/gate/byte-sink.ts';
import { byteSource } from '../../../main/gate/byte-source.ts';
import { socketPair } from './recording-engine.ts';

const open: { destroy(): unknown }[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

async function pair() {
  const ends = await socketPair();
  open.push(ends.near, ends.far);
  return ends;
}

const LARGE = Buffer.alloc(4 * 1024 * 1024);

test.each([1, 2])('what a peer said before it closed is heard, although %i writes failed meanwhile', async (writes) => {
  const { near, far } = await pair();
  outliveBrokenPipe(near);
  const source = byteSource(near);
  // Several pending writes go out as one, in a call of their own.
  near.cork();
  far.write('last word');
  far.destroy();
  for (let write = 0; write < writes; write += 1) near.write('input');
  near.uncork();
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(await writeThrough(near, Buffer.from('more'))).toBe(false);
  expect(String(await source.read())).toBe('last word');
  expect(await source.read()).toBeUndefined();
  await endThrough(near);
});

test('a write that the system takes at once does not wait, however large', async () => {
  const { near, far } = await pair();
  expect(writeThrough(near, Buffer.alloc(near.writableHighWaterMark * 2))).toBe(true);
  far.resume();
});

test.each([
  ['leaves', true],
  ['takes it', false],
])('a write that waits goes on when the peer %s', async (_, leaves) => {
  const { near, far } = await pair();
  const written = writeThrough(near, LARGE);
  expect(written).toBeInstanceOf(Promise);
  if (leaves) far.destroy();
  else far.resume();
  expect(await written).toBe(!leaves);
});

test.each([
  ['a write', (near: Socket) => writeThrough(near, LARGE)],
  [
    'an end',
    (near: Socket) => {
      near.write(LARGE);
      return endThrough(near);
    },
  ],
])('%s that waits is over when the peer takes nothing any more, though it is still read', async (_, wait) => {
  const { near, far } = await pair();
  outliveBrokenPipe(near);
  const waiting = wait(near);
  far.write('unread');
  far.destroy();
  await waiting;
  await new Promise<void>((resolve) => process.nextTick(resolve));
  expect(await writeThrough(near, LARGE)).toBe(false);
  expect(near.destroyed).toBe(false);
});

test('a write that waits is over when the socket is ended meanwhile', async () => {
  const { near, far } = await pair();
  const written = writeThrough(near, LARGE);
  near.end();
  far.resume();
  expect(await written).toBe(false);
});

test('an end waits until everything is out', async () => {
  const { near, far } = await pair();
  near.write(LARGE);
  let isOut = false;
  const ended = endThrough(near).then(() => {
    isOut = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOut).toBe(false);
  far.resume();
  await ended;
  expect(near.writableLength).toBe(0);
});

test('a read that waits is over when the socket is destroyed', async () => {
  const { near } = await pair();
  const source = byteSource(near);
  const read = source.read();
  near.destroy();
  expect(await read).toBeUndefined();
  expect(source.ended()).toBe(true);
});
