/** Work that runs a few pieces at a time, in the order of its arrival but for what cannot wait. */
export interface QuestionQueue {
  /** Runs the task when it is its turn. Urgent ones go before all that is not under way yet. */
  run<Result>(key: string, urgent: boolean, task: () => Promise<Result>): Promise<Result>;
  /** Somebody waits now for what was not urgent when it came. */
  hurry(key: string): void;
}

interface Waiting {
  readonly key: string;
  readonly start: () => void;
}

/** `limit` is the number of tasks that may be under way at the same time. */
export function questionQueue(limit: number): QuestionQueue {
  const waiting: Waiting[] = [];
  let running = 0;
  const next = () => {
    while (running < limit) {
      const first = waiting.shift();
      if (first === undefined) return;
      running += 1;
      first.start();
    }
  };
  return {
    run(key, urgent, task) {
      return new Promise((resolve, reject) => {
        const start = () => {
          const done = () => {
            running -= 1;
            next();
          };
          task().then(resolve, reject).finally(done);
        };
        if (urgent) waiting.unshift({ key, start });
        else waiting.push({ key, start });
        next();
      });
    },
    hurry(key) {
      const place = waiting.findIndex((one) => one.key === key);
      if (place > 0) waiting.unshift(...waiting.splice(place, 1));
    },
  };
}
