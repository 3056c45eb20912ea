import type { Socket } from 'node:net';
import { outliveBrokenPipe } from './byte-sink.ts';
import { type ByteSource, byteSource } from './byte-source.ts';

/** Our connection to the engine on behalf of one client connection. */
export interface EngineSide {
  readonly socket: Socket;
  readonly source: ByteSource;
}

/** Opens the engine's side when the first request needs it, and keeps it for the client connection's life. */
export function engineSide(connect: () => Promise<Socket>, onIdleClose: () => void) {
  let current: EngineSide | undefined;
  let busy = false;
  let over = false;

  const open = async (): Promise<EngineSide> => {
    const socket = await connect();
    outliveBrokenPipe(socket);
    socket.on('error', () => socket.destroy());
    const gone = () => {
      over = true;
      // As without us: an engine that closes an idle connection closes the client's.
      if (!busy) onIdleClose();
    };
    socket.once('end', gone);
    socket.once('close', gone);
    return { socket, source: byteSource(socket) };
  };

  return {
    /** Throws what the connect failed with. */
    async use(): Promise<EngineSide> {
      busy = true;
      current ??= await open();
      return current;
    },
    /** The exchange is over. False when the connection did not survive it. */
    release(): boolean {
      busy = false;
      return !over;
    },
    destroy() {
      current?.socket.destroy();
    },
  };
}

export type EngineSides = ReturnType<typeof engineSide>;
