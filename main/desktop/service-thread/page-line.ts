import { REQUEST_CAP } from '../../../shared/ipc/contract.ts';
import { createAllowance } from '../../control/allowance.ts';
import type { Channel, ChannelEvents } from '../../control/channel.ts';
import { gathering } from './gather.ts';

/** What a page sends at most: its requests come from people. */
const MESSAGES = { burst: 200, perSecond: 50 } as const;
/** Characters of frames that may wait for us: a client that still sends while it is not read is cut off. */
const MOST_HELD = 4 * REQUEST_CAP;

export interface PageEnds {
  /** Hands frames to the page, oldest first. */
  readonly frames: (texts: readonly string[]) => void;
  /** We have ended the line. */
  readonly ended: () => void;
}

/** One line of a page: the channel that it is to whoever serves it, and what the page does to it. */
export interface PageLine {
  readonly channel: Channel;
  frame(text: string): void;
  /** The page has read so many frames more. */
  read(frames: number): void;
  /** The page, or its line, is gone. */
  gone(): void;
}

/**
 * A channel over Electron's IPC, which tells neither how much of what was sent is unread nor stops a sender: the page
 * says what it has read, and what comes while nobody reads is held here within a bound.
 */
export function pageLine(page: PageEnds): PageLine {
  const allowed = createAllowance(MESSAGES);
  const unread: number[] = [];
  let unreadBytes = 0;
  let held: string[] = [];
  let heldLength = 0;
  let listener: ChannelEvents | undefined;
  let isPaused = false;
  let isOpen = true;
  const toPage = gathering(page.frames);

  function end(): void {
    if (!isOpen) return;
    toPage.flush();
    gone();
    page.ended();
  }

  function gone(): void {
    if (!isOpen) return;
    isOpen = false;
    held = [];
    listener?.closed();
  }

  function tell(): void {
    while (isOpen && listener !== undefined && !isPaused) {
      const text = held.shift();
      if (text === undefined) return;
      heldLength -= text.length;
      if (Buffer.byteLength(text) > REQUEST_CAP) listener.tooLong();
      else listener.text(text);
    }
  }

  return {
    channel: {
      listen(events) {
        listener = events;
        // Not within this call: whoever serves the line greets first, and then hears what came before.
        if (isOpen) queueMicrotask(tell);
        else events.closed();
      },
      send(text) {
        if (!isOpen) return;
        const bytes = Buffer.byteLength(text);
        unread.push(bytes);
        unreadBytes += bytes;
        toPage.add(text);
      },
      unsent: () => unreadBytes,
      isWaiting: () => unreadBytes > 0,
      pause() {
        isPaused = true;
      },
      resume() {
        isPaused = false;
        tell();
      },
      end,
    },
    frame(text) {
      if (!isOpen) return;
      if (!allowed() || heldLength + text.length > MOST_HELD) return end();
      held.push(text);
      heldLength += text.length;
      tell();
    },
    read(frames) {
      // Only a preload script that is not ours says that it has read what was never sent.
      if (frames > unread.length) return end();
      for (const bytes of unread.splice(0, frames)) unreadBytes -= bytes;
      if (isOpen && unreadBytes === 0) listener?.drained();
    },
    gone,
  };
}
