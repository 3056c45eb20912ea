import type { Socket } from 'node:net';
import { REQUEST_CAP } from '../../shared/ipc/contract.ts';
import type { Channel } from './channel.ts';
import { createLineReader } from './line-reader.ts';

/** A connection to the control socket: each frame is a line of JSON. */
export function socketChannel(socket: Socket): Channel {
  return {
    listen({ text, tooLong, drained, closed }) {
      const line = (read: string) => {
        if (socket.writable) text(read);
      };
      socket.on('data', createLineReader(REQUEST_CAP, line, tooLong));
      socket.on('drain', drained);
      // A client that goes away in the middle is no error of ours; 'close' follows.
      socket.on('error', () => undefined);
      socket.on('close', closed);
    },
    send(text) {
      if (socket.writable) socket.write(`${text}\n`);
    },
    unsent: () => socket.writableLength,
    isWaiting: () => socket.writableNeedDrain,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    end: () => void socket.end(),
  };
}
