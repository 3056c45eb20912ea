import { type Door, doorAt } from '../wire/door.ts';
import type { Answer } from '../wire/message.ts';

/** The engine itself, past every filter: where attacks are prepared, and where it is asked what came of them. */
export interface Engine {
  readonly socket: string;
  readonly door: Door;
  /** An object of the engine's; undefined where it says that there is none. */
  find<T>(path: string): Promise<T | undefined>;
  /** Has something done, which must work. */
  have(method: string, path: string, json?: unknown): Promise<Answer>;
  /** Has something undone, which may be undone already. */
  undo(method: string, path: string): Promise<void>;
}

export function engineAt(socket: string): Engine {
  const door = doorAt(socket);
  return {
    socket,
    door,
    async find<T>(path: string) {
      const { status, text } = await door.send({ method: 'GET', path });
      if (status === 200) return JSON.parse(text) as T;
      if (status >= 400) return undefined;
      throw new Error(`the engine answers GET ${path} with ${status}: ${text}`);
    },
    async have(method, path, json) {
      const answer = await door.send({ method, path, json });
      if (answer.status >= 200 && answer.status < 400) return answer;
      throw new Error(`the engine answers ${method} ${path} with ${answer.status}: ${answer.text}`);
    },
    async undo(method, path) {
      await door.send({ method, path });
    },
  };
}
