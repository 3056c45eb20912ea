import type { Escape } from '../../shared/escape/kinds.ts';
import { networkEscapes } from '../../shared/escape/networks.ts';
import type { EngineClient } from '../engine/engine-client.ts';

/** What it means to be in these networks; of one that is not there, the engine says so itself. */
export async function networksOf(
  engine: Pick<EngineClient, 'networkDriver'>,
  names: readonly string[],
): Promise<readonly Escape[]> {
  const found = [...new Set(names)].map(async (name): Promise<readonly Escape[]> => {
    const driver = await engine.networkDriver(name);
    return driver === undefined ? [] : networkEscapes(name, driver);
  });
  return (await Promise.all(found)).flat();
}
