/** Frames on their way to a page. */
export interface Gathering {
  add(frame: string): void;
  /** Hands over what waits, now. */
  flush(): void;
}

/** Milliseconds that a frame waits for others: nobody sees it, and under load it is the most that is sent a second. */
const GATHER_MS = 30;

/**
 * Brings frames together. A message of Electron's costs both processes about as much as the relay of a request (0.1 to
 * 0.5 ms on the main thread, with the page's answer to it), whatever it holds; the gate, which every request makes an event
 * of, must not feel the window.
 */
export function gathering(post: (frames: readonly string[]) => void): Gathering {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const frames = waiting;
    waiting = [];
    if (frames.length > 0) post(frames);
  }

  return {
    add(frame) {
      waiting.push(frame);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    flush,
  };
}
