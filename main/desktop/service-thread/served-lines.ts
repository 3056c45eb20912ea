import type { MainMessage, PageMessage } from '../../../shared/ipc/bridge.ts';
import type { Channel } from '../../control/channel.ts';
import { type PageLine, pageLine } from './page-line.ts';

/** The lines that are open to the service, those of before it ran included. */
export interface ServedLines {
  take(message: PageMessage): void;
  /** The service runs: it serves what is open, and what will be. */
  serve(how: (channel: Channel) => void): void;
}

export function servedLines(post: (message: MainMessage) => void): ServedLines {
  const lines = new Map<number, PageLine>();
  const waiting = new Set<Channel>();
  let serve = (channel: Channel): void => {
    waiting.add(channel);
  };

  function open(line: number): void {
    const opened = pageLine({
      frames: (frames) => post({ line, frames }),
      ended() {
        lines.delete(line);
        post({ line, closed: true });
      },
    });
    lines.set(line, opened);
    serve(opened.channel);
  }

  return {
    take(message) {
      if ('open' in message) open(message.open);
      else if ('close' in message) {
        const line = lines.get(message.close);
        lines.delete(message.close);
        line?.gone();
      } else if ('frame' in message) lines.get(message.line)?.frame(message.frame);
      else lines.get(message.line)?.read(message.read);
    },
    serve(how) {
      serve = how;
      for (const channel of waiting) how(channel);
      waiting.clear();
    },
  };
}
