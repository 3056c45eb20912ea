/** Frames on their way to a page. */
export interface Gathering {
  add(frame: string): void;
  /** Hands over what waits, now. */
  flush(): void;
}

/** Milliseconds between two messages at least: a page that is told more often shows no more. */
const GATHER_MS = 100;

/**
 * Brings frames together: what comes after a quiet while goes on at once, and what follows closely waits for more of its
 * kind. A message of Electron's costs both processes about as much as the relay of a request (0.1 to 0.5 ms on the main
 * thread, with the page's answer to it), whatever it holds; the gate, which every request makes an event of, must not feel
 * the window.
 */
export function gathering(post: (frames: readonly string[]) => void): Gathering {
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let postedAt = Number.NEGATIVE_INFINITY;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const frames = waiting;
    waiting = [];
    if (frames.length === 0) return;
    postedAt = performance.now();
    post(frames);
  }

  return {
    add(frame) {
      waiting.push(frame);
      timer ??= setTimeout(flush, Math.max(0, postedAt + GATHER_MS - performance.now()));
    },
    flush,
  };
}
