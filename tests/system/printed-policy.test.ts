import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DescribedOperation } from '../../shared/ipc/policy.ts';
import { attachLab, request } from '../lab/lab.ts';
import { type Running, type SettingsWords, startLockkeeper } from './running.ts';

const lab = attachLab(inject('lab'));
let keeper: Running;

beforeAll(async () => {
  keeper = await startLockkeeper(lab);
});
afterAll(() => keeper.stop());

const policies: readonly (readonly [string, SettingsWords])[] = [
  ['deny push and build', { commands: ['push', 'build'] }],
  ['deny groups', { commands: ['image*', 'container*', 'system*'] }],
  ['allow ps and volumes', { type: 'allow', commands: ['ps', 'volume*'] }],
  ['allow nothing', { type: 'allow', commands: [] }],
];

/** Requests that change nothing when the engine gets them: questions, and what names something that does not exist. */
function isHarmless({ request: line }: DescribedOperation): boolean {
  return /^(GET|HEAD) \/|^\w+ \/.*\{/.test(line) && !isStream(line);
}

/** Answers that would not end by themselves, or that profile the engine for half a minute. */
function isStream(line: string): boolean {
  return /events|pprof|attach\/ws/.test(line);
}

// CVE-2025-10657: a product printed the command list it had read, and enforced none.
describe('what "lockkeeper policy" prints is what blocks', () => {
  it.each(policies)('%s', async (_name, settings) => {
    await keeper.apply(settings);
    const { stdout } = await keeper.cli('policy', '--json');
    const printed = JSON.parse(stdout) as { operations: readonly DescribedOperation[] };
    const asked = printed.operations.filter(isHarmless);
    expect(asked.length).toBeGreaterThan(60);
    const happened = await Promise.all(asked.map(async ({ request: line }) => `${line}: ${await whatHappens(line)}`));
    expect(happened).toEqual(asked.map(({ request: line, verdict }) => `${line}: ${verdict}`));
  });
});

async function whatHappens(line: string): Promise<DescribedOperation['verdict']> {
  const [method = '', path = ''] = line.replaceAll(/\{[^}]*\}/g, 'lockkeeper-none').split(' ');
  const answer = await request(keeper.standing.replace('unix://', ''), path, { method });
  return answer.status === 403 ? 'refuse' : 'pass';
}
