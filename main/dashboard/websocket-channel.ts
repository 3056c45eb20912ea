import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { createAllowance } from '../control/allowance.ts';
import type { Channel } from '../control/channel.ts';

/** RFC 6455, section 7.4.1, and 1013 of its registry. */
const closeCodes = { badData: 1003, invalidData: 1007, notKnown: 1008, tryLater: 1013 } as const;

/** What a page sends at most: its requests come from people. */
const MESSAGES = { burst: 200, perSecond: 50 } as const;

/** The channel of a WebSocket, which may also have come from a page that is not known here. */
export interface WebSocketChannel extends Channel {
  /** Ends it with the code by which the page knows that it needs a new link: why an upgrade fails, it cannot see. */
  refuse(): void;
}

/** Each frame is a text message. `stream` is what carries the WebSocket; messages beyond the cap end it in `ws`. */
export function webSocketChannel(webSocket: WebSocket, stream: Duplex): WebSocketChannel {
  const isOpen = () => webSocket.readyState === webSocket.OPEN;
  const allowed = createAllowance(MESSAGES);
  // What a client does wrong is no error of ours; 'close' follows.
  webSocket.on('error', () => undefined);

  function close(code: number, reason: string): void {
    if (isOpen()) webSocket.close(code, reason);
  }

  return {
    listen({ text, drained, closed }) {
      webSocket.on('message', (data, isBinary) => {
        if (!allowed()) close(closeCodes.tryLater, 'too many messages');
        if (isBinary) close(closeCodes.badData, 'the contract is text');
        // After our close, messages may still come until the client has answered it.
        if (isOpen()) text(String(data));
      });
      webSocket.on('close', closed);
      stream.on('drain', drained);
    },
    send(text) {
      if (isOpen()) webSocket.send(text);
    },
    unsent: () => webSocket.bufferedAmount,
    isWaiting: () => stream.writableNeedDrain,
    pause: () => webSocket.pause(),
    resume: () => webSocket.resume(),
    end: () => close(closeCodes.invalidData, 'not as the contract says'),
    refuse: () => close(closeCodes.notKnown, 'open a new link'),
  };
}
