import { join } from 'node:path';
import { expect } from 'vitest';
import { SYSTEM_PATH } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import type { Running } from '../running.ts';
import { normalised } from './normalised.ts';

/** One way to the engine. */
export interface Way {
  /** Of the same length, so that what is made of them has the same size. */
  readonly name: 'way-1' | 'way-2';
  /** Path of the socket. */
  readonly socket: string;
  /** The socket as DOCKER_HOST. */
  readonly url: string;
}

/** What a scenario does between the two ways, so that both find the same. */
type CleanUp = (way: Way) => Promise<void>;

export function waysTo(lab: AttachedLab, keeper: Running): readonly [Way, Way] {
  return [
    { name: 'way-1', socket: lab.engineSocket, url: lab.engineUrl },
    { name: 'way-2', socket: keeper.hostGate, url: keeper.url },
  ];
}

/**
 * Plays a scenario at the engine itself and through the host gate, and expects the same outcome. Resolves with the
 * direct one, for the test to say what it should be: two failures are the same, too.
 */
export async function sameBothWays<T>(
  [direct, passed]: readonly [Way, Way],
  scenario: (way: Way) => Promise<T>,
  cleanUp: CleanUp = async () => undefined,
): Promise<T> {
  const outcome = async (way: Way) => {
    try {
      return normalised(await scenario(way), [way.url, way.socket, way.name]);
    } finally {
      await cleanUp(way);
    }
  };
  const expected = await outcome(direct);
  expect(await outcome(passed)).toEqual(expected);
  return expected;
}

/** The environment of a user who calls this docker client one way. */
export function clientEnvironment(lab: AttachedLab, way: Way, cli: string): Readonly<Record<string, string>> {
  return {
    PATH: `${join(cli, '..')}:${SYSTEM_PATH.PATH}`,
    HOME: join(lab.folder, 'home'),
    DOCKER_CONFIG: join(lab.folder, 'client'),
    DOCKER_HOST: way.url,
    WAY: way.name,
  };
}
