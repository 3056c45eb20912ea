import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startImages } from '../../../../main/images/image-service.ts';
import type { EventBody } from '../../../../shared/journal/event.ts';
import type { PolicyState } from '../../../../shared/policy/policy.ts';
import { fakeEngine } from './fake-engine.ts';
import { temporaryFolder } from './images-under-test.ts';
import { listing } from './listing.ts';

test('resolves from the start, gathers facts, and leaves on disk what was confirmed', async () => {
  const engine = fakeEngine();
  const cli = engine.pulled('docker.io/library/docker:cli', ['base']);
  const stateFolder = temporaryFolder();
  writeFileSync(join(stateFolder, 'digests.json'), 'not json', { mode: 0o600 });
  const events: EventBody[] = [];
  const policy = listing(['docker:cli']);
  const state: PolicyState = { kind: 'effective', generation: 1, policy, warnings: [], problems: [] };
  const images = await startImages({
    engine,
    policy: { state: () => state, onChange: () => () => undefined },
    stateFolder,
    record: (event) => events.push(event),
    isReachable: () => true,
    engineId: () => 'test',
  });
  expect(await images.gather('docker:cli', policy)).toMatchObject({ proofs: [{ verdict: 'confirmed' }] });
  expect(await images.gather('docker:cli', policy, { imageId: cli.id })).toMatchObject({ id: cli.id });
  expect(await images.gather('docker:cli', policy, { imageId: 'sha256:gone' })).toMatchObject({ kind: 'unverifiable' });
  await images.stop();
  expect(engine.asked).toEqual(['docker.io/library/docker:cli']);
  expect(readFileSync(join(stateFolder, 'digests.json'), 'utf8')).toContain('docker.io/library/docker:cli');
  expect(events).toEqual([
    { type: 'lifecycle', what: 'digest-unresolved', detail: expect.stringContaining('is not valid JSON') },
    { type: 'lifecycle', what: 'digest-resolved', detail: expect.stringContaining('docker.io/library/docker:cli: ') },
  ]);
});
