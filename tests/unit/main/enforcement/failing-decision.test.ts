import { expect, it } from 'vitest';
import { type DryRunDeps, dryRun } from '../../../../main/enforcement/dry-run.ts';
import type { Listener } from '../../../../shared/decision/listener.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

/** Whatever is asked of it fails as a bug of ours would. */
const broken = new Proxy(Object.create(null), {
  get() {
    throw new TypeError('cannot read properties of undefined');
  },
}) as DryRunDeps['facts'];

const listeners: readonly Listener[] = [{ kind: 'host-gate' }, { kind: 'standing-socket', path: '/run/ci.sock' }];
const body = '{"Image":"alpine","HostConfig":{"Binds":["/data:/data"]}}';

it.each([
  ['enforcing', {}],
  ['observing', { lockkeeper: { mode: 'observe' } }],
  ['while everything is allowed', { images: ['*'] }],
])('an exception in a decision is a refusal, %s', async (_, words) => {
  const state = policyOf(words);
  for (const listener of listeners) {
    const request = { method: 'POST', target: '/containers/create', body };
    const { decision } = await dryRun({ policy: () => state, facts: broken }, request, listener);
    expect(decision).toMatchObject({ kind: 'refuse', refusal: { status: 403, reason: 'internal-error' } });
  }
});
