import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ImageFact } from '../../../shared/decision/facts.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { listing } from '../../unit/main/images/listing.ts';
import { askRunning, eventually, type Running, startLockkeeper } from '../running.ts';
import { startAsking } from './asking.ts';

const SOCKET = '/var/run/docker.sock:/var/run/docker.sock';
const HOUR_MS = 3_600_000;

let lab: Lab;
let pinned: string;
beforeAll(async () => {
  lab = await startLab({ name: 'offline' });
  for (const image of ['alpine', 'docker:cli', 'localstack/localstack:4.2']) {
    await lab.dockerOutput(['pull', '-q', image]);
  }
  [, pinned = ''] = (await lab.dockerOutput(['inspect', '-f', '{{index .RepoDigests 0}}', 'alpine'])).split('@');
});
afterAll(() => lab?.stop());

describe('a Lockkeeper', () => {
  let keeper: Running;
  beforeEach(async () => {
    keeper = await startLockkeeper(lab, { images: ['docker:cli', `alpine@${pinned}`] });
    return () => keeper.stop();
  });
  const create = (image: string) => lab.docker(['create', '-v', SOCKET, image], { host: keeper.url });

  test('that starts while the registry is down refuses what it cannot confirm, until the registry is up', async () => {
    await lab.registry.stop();
    writeFileSync(join(keeper.state, 'digests.json'), 'not what was written\n', { mode: 0o600 });
    await keeper.restart();
    try {
      const refused = await create('docker:cli');
      expect(refused.code).not.toBe(0);
      expect(refused.stderr).toContain('because the registry could not be reached');
      expect(refused.stderr).not.toContain('not in the allowed list');
      // A digest is compared with the image itself.
      expect(await create('alpine')).toMatchObject({ code: 0 });
    } finally {
      await lab.registry.start();
    }
    await eventually(async () => (await create('docker:cli')).code === 0, 'the registry is asked again');
    const problems = (await keeper.events()).filter(({ what }) => what === 'digest-unresolved');
    expect(problems[0]?.detail).toContain('digests.json is not used: The file is not valid JSON.');
  });

  test('whose registry goes down later goes on, also after a crash', async () => {
    expect(await create('docker:cli')).toMatchObject({ code: 0 });
    await lab.registry.stop();
    try {
      expect(await create('docker:cli')).toMatchObject({ code: 0 });
      await keeper.restart();
      expect(await create('docker:cli')).toMatchObject({ code: 0 });
    } finally {
      await lab.registry.start();
    }
  });

  test('asks no registry about a digest that is listed', async () => {
    // What it asks about the tag at its start is answered.
    expect(await create('docker:cli')).toMatchObject({ code: 0 });
    await keeper.apply({ images: [`alpine@${pinned}`] });
    const before = lab.registry.requests().length;
    expect(await create('alpine')).toMatchObject({ code: 0 });
    const { entries } = await askRunning(keeper.state, 'resolveAllowList', {});
    expect(entries).toMatchObject([{ state: 'match', images: [{ state: 'confirmed' }] }]);
    expect(lab.registry.requests()).toHaveLength(before);
  });
});

test('for a week: what was confirmed counts for the grace, what holds for good counts on, and all of it when it is back', async () => {
  const folder = mkdtempSync(join(lab.work, 'state-'));
  const policy = listing(['docker:cli', 'localstack/*:*', `alpine@${pinned}`]);
  const verdictOf = (fact: ImageFact) => (fact.kind === 'present' ? fact.proofs[0] : undefined);
  let asking = await startAsking(lab, { folder });
  for (const image of ['docker:cli', 'localstack/localstack:4.2']) {
    expect(verdictOf(await asking.gather(image, policy))).toMatchObject({ verdict: 'confirmed' });
  }
  await lab.registry.stop();
  try {
    for (let day = 1; day <= 7; day += 1) {
      // A restart a day.
      await asking.close();
      asking = await startAsking(lab, { folder });
      asking.clock.ahead = day * 24 * HOUR_MS;
      expect(await asking.resolver.resolveAll(policy)).toBe(false);
      const moving = verdictOf(await asking.gather('docker:cli', policy));
      if (day < 3) {
        expect(moving).toMatchObject({ verdict: 'confirmed' });
      } else {
        const detail = expect.stringMatching(/could not be reached.* older than 72 h/);
        expect(moving).toMatchObject({ verdict: 'registry-unreachable', detail });
      }
      for (const image of ['localstack/localstack:4.2', 'alpine']) {
        expect(verdictOf(await asking.gather(image, policy))).toMatchObject({ verdict: 'confirmed' });
      }
    }
  } finally {
    await lab.registry.start();
  }
  asking.clock.ahead += 60_000;
  expect(await asking.resolver.resolveAll(policy, 'missed')).toBe(true);
  expect(verdictOf(await asking.gather('docker:cli', policy))).toMatchObject({ verdict: 'confirmed' });
  await asking.close();
});
