import { holds, type Inspected, inspect, sawEngine, tellInode } from '../ask-engine/evidence.ts';
import type { Attack } from '../attack.ts';
import type { Run } from '../stage/run.ts';
import { act, create } from './requests.ts';

type Described = Pick<Attack, 'id' | 'title' | 'quick' | 'missing' | 'prepare' | 'refusal'>;

export interface Mounting extends Described {
  /** Fields of the create body. */
  readonly body: (run: Run) => object;
  /** Where the container would find the engine's socket. */
  readonly at: (run: Run) => string;
  readonly version?: string;
}

/** A container is created and started; what must not happen is that it sees the engine's own socket. */
export function mounting({ body, at, version, ...described }: Mounting): Attack {
  return {
    ...described,
    async attempt(door, run) {
      const options = version === undefined ? {} : { version };
      await door.send(create(run, { Cmd: tellInode(at(run)), ...body(run) }, options));
      await door.send(act(run, 'start'));
    },
    happened: (run) => sawEngine(run),
  };
}

export interface Creating extends Described {
  /** Fields of the create body, or the whole body as text or bytes. */
  readonly body: (run: Run) => object | string;
  /** What the engine says of a container that should not be. One that exists counts: anybody may start it. */
  readonly holds: (hostConfig: Readonly<Record<string, unknown>>, run: Run, container: Inspected) => boolean;
  readonly version?: string;
}

/** A container is created; what must not happen is that the engine keeps it with what it was given. */
export function creating({ body, holds: isSo, version, ...described }: Creating): Attack {
  return {
    ...described,
    attempt: (door, run) => door.send(create(run, body(run), version === undefined ? {} : { version })),
    happened: (run) => holds(run, (hostConfig, container) => isSo(hostConfig, run, container)),
  };
}

/** The container was started, by a request or by the engine. */
export async function wasStarted(run: Run, ending = ''): Promise<boolean> {
  const container = await inspect(run, ending);
  return container !== undefined && !container.State.StartedAt.startsWith('0001');
}
