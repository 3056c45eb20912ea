import { describe, expect, it } from 'vitest';
import { entryAddress, refreshAddress } from '../../../../../renderer/pages/activity/allow-list-links.ts';
import { parseAddress } from '../../../../../renderer/shell/address.ts';

describe('the way from a decision to the allow list', () => {
  it('leads to the entry that decided', () => {
    const address = entryAddress({ reason: 'digest-differs', entry: 'docker:*' });
    expect(parseAddress(address ?? '')).toEqual({ page: 'allow-list', values: { entry: 'docker:*' } });
    expect(entryAddress({ reason: 'not-listed' })).toBeUndefined();
    expect(entryAddress({ reason: 'command-denied' })).toBeUndefined();
  });

  it('offers to refresh the image that is stale', () => {
    const image = 'docker.io/library/docker:cli';
    const address = refreshAddress({ reason: 'digest-differs', entry: 'docker:*', image });
    expect(parseAddress(address ?? '').values).toEqual({ entry: 'docker:*', refresh: 'docker:cli' });
  });

  it('offers to refresh the parent of a derived image, not what was built here', () => {
    const built = { reason: 'derived-parent-unconfirmed', image: 'docker.io/library/built:latest' } as const;
    const address = refreshAddress({ ...built, entry: 'docker:cli' });
    expect(parseAddress(address ?? '').values).toEqual({ entry: 'docker:cli', refresh: 'docker:cli' });
    expect(refreshAddress({ ...built, entry: 'docker:*' })).toBeUndefined();
  });

  it('offers nothing where a refresh would not help', () => {
    const image = 'docker.io/library/docker:cli';
    expect(refreshAddress({ reason: 'registry-unreachable', entry: 'docker:cli', image })).toBeUndefined();
    expect(refreshAddress({ reason: 'digest-differs', entry: 'docker:cli' })).toBeUndefined();
  });
});
