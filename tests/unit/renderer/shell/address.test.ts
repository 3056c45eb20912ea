import { expect, it } from 'vitest';
import { parseAddress, saysWhere } from '../../../../renderer/shell/address.ts';
import { formatAddress } from '../../../../shared/ipc/address.ts';

it('comes back as it went out', () => {
  const address = { page: 'allow-list', values: { entry: 'docker.io/a/b:*', filter: 'x & y' } } as const;
  expect(parseAddress(formatAddress(address))).toEqual(address);
});

it.each(['', '#', '#/nowhere', '#/constructor?x=1'])('leads from %j to the activity', (hash) => {
  expect(parseAddress(hash).page).toBe('activity');
});

it.each([
  ['', false],
  ['#', false],
  ['#/', false],
  ['#/first-run', true],
  ['#/activity?event=3', true],
  ['#/nowhere', true],
])('%j says where to go: %j', (hash, says) => {
  expect(saysWhere(hash)).toBe(says);
});
