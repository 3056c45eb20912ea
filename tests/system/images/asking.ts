import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineClient } from '../../../main/engine/engine-client.ts';
import { openLedger } from '../../../main/images/digest-ledger.ts';
import { type DigestResolver, digestResolver } from '../../../main/images/digest-resolver.ts';
import { imageFacts } from '../../../main/images/image-facts.ts';
import { registryAuth } from '../../../main/images/registry-credentials.ts';
import type { RegistryAnswer } from '../../../main/images/registry-question.ts';
import type { EventBody } from '../../../shared/journal/event.ts';
import type { AttachedLab } from '../../lab/lab.ts';

/** What asks registries, on a real engine, with a clock and credentials of its own and what a folder keeps. */
export interface Asking {
  readonly clock: { ahead: number };
  readonly resolver: DigestResolver;
  readonly gather: ReturnType<typeof imageFacts>['gather'];
  readonly events: readonly EventBody[];
  /** Asks whatever was asked before; `a/b:1` is what the labs of these tests have everywhere. */
  ask(registry: string, suffix?: string): Promise<RegistryAnswer>;
  /** As a stop does it; another one may then begin with the same folder. */
  close(): Promise<void>;
}

export interface AskingOptions {
  /** By default a new one. */
  readonly folder?: string;
  /** The content of the Docker CLI's config.json. */
  readonly config?: object;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export async function startAsking(lab: AttachedLab, options: AskingOptions = {}): Promise<Asking> {
  const folder = options.folder ?? mkdtempSync(join(lab.work, 'state-'));
  const configFolder = mkdtempSync(join(lab.work, 'config-'));
  writeFileSync(join(configFolder, 'config.json'), JSON.stringify(options.config ?? {}));
  const clock = { ahead: 0 };
  const events: EventBody[] = [];
  const engine = engineClient({ kind: 'socket', url: lab.engineUrl, path: lab.engineSocket });
  const ledger = await openLedger({ stateFolder: folder, trust: async () => undefined, onProblem: () => undefined });
  const resolver = digestResolver({
    engine,
    ledger,
    credentials: (host) => registryAuth(host, { configFolder, ...(options.env && { env: options.env }) }),
    record: (event) => events.push(event),
    clocks: { wall: () => Date.now() + clock.ahead, steady: () => performance.now() + clock.ahead },
    chance: () => 0,
  });
  return {
    clock,
    resolver,
    gather: imageFacts({ engine, resolver, ledger }).gather,
    events,
    ask: (registry, suffix = ':1') => resolver.askNow({ registry, path: 'a/b' }, suffix),
    async close() {
      await ledger.flush();
      engine.close();
    },
  };
}
