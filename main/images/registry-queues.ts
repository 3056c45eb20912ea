import { type QuestionQueue, questionQueue } from '../engine/question-queue.ts';

/** A queue for each registry, so that one that is slow keeps nobody waiting but those who ask it. */
export interface RegistryQueues {
  /** See QuestionQueue.run. */
  run<Result>(registry: string, key: string, urgent: boolean, task: () => Promise<Result>): Promise<Result>;
  /** See QuestionQueue.hurry. */
  hurry(registry: string, key: string): void;
}

/** `limit` is the number of tasks of one registry that may be under way at the same time. */
export function registryQueues(limit: number): RegistryQueues {
  const queues = new Map<string, { readonly queue: QuestionQueue; open: number }>();
  return {
    async run(registry, key, urgent, task) {
      const known = queues.get(registry) ?? { queue: questionQueue(limit), open: 0 };
      queues.set(registry, known);
      known.open += 1;
      try {
        return await known.queue.run(key, urgent, task);
      } finally {
        known.open -= 1;
        if (known.open === 0) queues.delete(registry);
      }
    },
    hurry: (registry, key) => queues.get(registry)?.queue.hurry(key),
  };
}
