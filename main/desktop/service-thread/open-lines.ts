import type { MainMessage, PageMessage } from '../../../shared/ipc/bridge.ts';

/** What comes on a line from the service. */
export interface ServiceLineEnds {
  /** Frames of the contract, oldest first. */
  readonly frames: (texts: readonly string[]) => void;
  /** The service has ended the line, or is gone. */
  readonly closed: () => void;
}

/** A line to the service's contract. */
export interface ServiceLine {
  frame(text: string): void;
  /** So many frames were read: what is not counts as unread, and too much of that ends the line. */
  read(frames: number): void;
  close(): void;
}

/** The app's ends of its lines to the service. */
export interface OpenLines {
  open(ends: ServiceLineEnds): ServiceLine;
  take(message: MainMessage): void;
  /** The service is gone, and every line with it. */
  end(): void;
}

export function openLines(post: (message: PageMessage) => void): OpenLines {
  const lines = new Map<number, ServiceLineEnds>();
  let last = 0;

  function close(line: number): void {
    const ends = lines.get(line);
    lines.delete(line);
    ends?.closed();
  }

  return {
    open(ends) {
      last += 1;
      const line = last;
      lines.set(line, ends);
      post({ open: line });
      return {
        frame: (text) => post({ line, frame: text }),
        read: (frames) => post({ line, read: frames }),
        close() {
          if (lines.delete(line)) post({ close: line });
        },
      };
    },
    take(message) {
      if ('closed' in message) close(message.line);
      else lines.get(message.line)?.frames(message.frames);
    },
    end() {
      for (const line of [...lines.keys()]) close(line);
    },
  };
}
