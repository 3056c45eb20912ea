import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openLedger } from '../../../../main/images/digest-ledger.ts';
import { digestResolver } from '../../../../main/images/digest-resolver.ts';
import { imageFacts } from '../../../../main/images/image-facts.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import { type FakeEngine, fakeEngine } from './fake-engine.ts';

/** A folder of the running test's own, which goes away with it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-images-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything about images, on a fake engine and with a clock that stands still; somebody may set the wall's (`jumped`). */
export async function imagesUnderTest(engine: FakeEngine = fakeEngine(), folder = temporaryFolder()) {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z'), jumped: 0, chance: 0 };
  const clocks = { wall: () => clock.now + clock.jumped, steady: () => clock.now };
  const events: EventBody[] = [];
  const ledger = await openLedger({
    stateFolder: folder,
    trust: async () => undefined,
    onProblem: () => undefined,
    steady: clocks.steady,
  });
  onTestFinished(() => ledger.flush());
  const resolver = digestResolver({
    engine,
    ledger,
    credentials: async () => ({ kind: 'none', why: 'there is no config.json' }),
    record: (event) => events.push(event),
    clocks,
    chance: () => clock.chance,
  });
  return { engine, clock, events, ledger, resolver, folder, facts: imageFacts({ engine, resolver, ledger }) };
}
