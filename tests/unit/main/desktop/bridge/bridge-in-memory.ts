import { serveConnection } from '../../../../../main/control/connection.ts';
import { type PageLine, pageLine } from '../../../../../main/desktop/service-thread/page-line.ts';
import type { Bridge } from '../../../../../shared/ipc/bridge.ts';
import type { ControlHandlers } from '../../../../../shared/ipc/contract.ts';

/** What a page does with the bridge reaches a line as in the app, without Electron between them. */
export function bridgeInMemory(handlers: ControlHandlers): Bridge {
  return {
    open(frames, closed) {
      const line: PageLine = pageLine({
        frames(texts) {
          frames(texts);
          line.read(texts.length);
        },
        ended: closed,
      });
      serveConnection(line.channel, handlers, { version: '1.2.3' });
      return {
        send: line.frame,
        close() {
          line.gone();
          closed();
        },
      };
    },
  };
}
