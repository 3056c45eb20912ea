import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holderStandings } from '../../../../main/enforcement/holder-standings.ts';
import type { ImageFact } from '../../../../shared/decision/facts.ts';
import type { SocketHolder } from '../../../../shared/decision/listener.ts';
import type { Policy } from '../../../../shared/policy/policy.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

const NAME = 'docker.io/library/docker:cli';
const holder = (): SocketHolder => ({
  key: '0123456789abcdef',
  containerId: 'c1',
  image: NAME,
  imageId: 'sha256:1',
  entry: 'docker:cli',
  targets: [],
});

function present(policy: Policy, verdict: 'confirmed' | 'digest-differs'): ImageFact {
  const proofs = policy.imageList.entries.map((entry) => ({ entry, verdict, detail: '' }));
  return { kind: 'present', name: NAME, id: 'sha256:1', digests: [], proofs };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the standing of a container', () => {
  it('is found once per policy, without looking at the image while its entry is listed', async () => {
    const image = vi.fn();
    const standings = holderStandings({ image });
    const state = policyOf({ images: ['docker:cli'] });
    const who = holder();
    const first = standings(who, state);
    expect(first).toEqual({ kind: 'stands' });
    expect(standings(who, state)).toBe(first);
    expect(image).not.toHaveBeenCalled();
  });

  it('is found by looking at the image, once, when another entry may admit it', async () => {
    const image = vi.fn(async (_: string, policy: Policy) => present(policy, 'confirmed'));
    const standings = holderStandings({ image });
    const [who, state] = [holder(), policyOf({ images: ['docker:*'] })];
    expect(await standings(who, state)).toMatchObject({ kind: 'stands', by: { entry: 'docker:*' } });
    await standings(who, state);
    expect(image).toHaveBeenCalledTimes(1);
    expect(image).toHaveBeenCalledWith(NAME, expect.anything(), { imageId: 'sha256:1' });
  });

  it('is not proven again by a later policy that lists the same entry', async () => {
    const image = vi.fn(async (_: string, policy: Policy) => present(policy, 'confirmed'));
    const standings = holderStandings({ image });
    const who = holder();
    await standings(who, policyOf({ images: ['docker:*'] }));
    image.mockImplementation(async (_, policy) => present(policy, 'digest-differs'));
    expect(await standings(who, policyOf({ images: ['docker:*'], commands: ['push'] }))).toEqual({ kind: 'stands' });
  });

  it('is looked at again after a while when it was refused', async () => {
    const image = vi.fn(async (_: string, policy: Policy) => present(policy, 'digest-differs'));
    const standings = holderStandings({ image });
    const [who, state] = [holder(), policyOf({ images: ['docker:27-cli'] })];
    expect(await standings(who, state)).toMatchObject({ refusal: { reason: 'digest-differs' } });
    image.mockImplementation(async (_, policy) => present(policy, 'confirmed'));
    expect(await standings(who, state)).toMatchObject({ kind: 'refused' });
    vi.setSystemTime(Date.now() - 10 * 365 * 24 * 3_600_000);
    vi.advanceTimersByTime(10_000);
    expect(await standings(who, state)).toMatchObject({ kind: 'stands' });
  });

  it('does not wait for a slow registry, and follows its answer', async () => {
    let answer: (fact: ImageFact) => void = () => undefined;
    const image = () => new Promise<ImageFact>((resolve) => (answer = resolve));
    const standings = holderStandings({ image });
    const [who, state] = [holder(), policyOf({ images: ['docker:*'] })];
    const standing = standings(who, state);
    await vi.advanceTimersByTimeAsync(800);
    expect(await standing).toMatchObject({ kind: 'refused', refusal: { reason: 'registry-unreachable' } });
    answer(state.kind === 'effective' ? present(state.policy, 'confirmed') : { kind: 'absent', message: '' });
    await vi.advanceTimersByTimeAsync(0);
    expect(await standings(who, state)).toMatchObject({ kind: 'stands' });
  });

  it('is not remembered when the engine could not be asked', async () => {
    const image = vi.fn(async (_: string, policy: Policy) => present(policy, 'confirmed'));
    image.mockRejectedValueOnce(new Error('the engine is away'));
    const standings = holderStandings({ image });
    const [who, state] = [holder(), policyOf({ images: ['docker:*'] })];
    await expect(standings(who, state)).rejects.toThrow('the engine is away');
    expect(await standings(who, state)).toMatchObject({ kind: 'stands' });
  });
});
