import { systemClocks } from '../clocks/clocks.ts';
import type { EngineClient } from '../engine/engine-client.ts';
import type { Trust } from '../settings/trust.ts';
import { type DigestLedger, openLedger } from './digest-ledger.ts';
import { digestResolver } from './digest-resolver.ts';
import { imageFacts } from './image-facts.ts';
import { registryAuth } from './registry-credentials.ts';

export interface ReadOnlyImagesOptions {
  readonly engine: EngineClient;
  readonly stateFolder: string;
  readonly trust: Trust;
}

/** Facts about images for whoever only looks: what registries confirmed counts, and what they say now is not kept. */
export async function readOnlyImages({ engine, stateFolder, trust }: ReadOnlyImagesOptions) {
  const id = await engine.info().then(
    (info) => info.id,
    () => undefined,
  );
  const ledger = unchanging(await openLedger({ stateFolder, trust, onProblem: ignored, engine: () => id }));
  const credentials = (registryHost: string) => registryAuth(registryHost);
  const resolver = digestResolver({ engine, credentials, ledger, record: ignored, clocks: systemClocks });
  return imageFacts({ engine, resolver, ledger }).gather;
}

function unchanging(ledger: DigestLedger): DigestLedger {
  return { ...ledger, setTag: ignored, dropTag: ignored, addHeld: ignored, remember: ignored };
}

function ignored(): void {}
