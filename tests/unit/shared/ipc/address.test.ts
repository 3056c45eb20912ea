import { expect, it } from 'vitest';
import { eventAddress, formatAddress } from '../../../../shared/ipc/address.ts';

it('leads to a decision', () => {
  expect(formatAddress(eventAddress(3))).toBe('#/activity?event=3');
});

it('leaves out what has no value', () => {
  expect(formatAddress({ page: 'activity', values: { search: '', event: '3' } })).toBe('#/activity?event=3');
  expect(formatAddress({ page: 'policy', values: { search: '' } })).toBe('#/policy');
});

it('has an address for half of a surrogate pair, too', () => {
  expect(formatAddress({ page: 'activity', values: { search: 'a\ud800b' } })).toBe('#/activity?search=a%EF%BF%BDb');
});
