import { expect, test } from 'vitest';
import { toldWaitMs } from '../../../../main/images/told-wait.ts';

test.each([
  ['toomanyrequests: retry-after: 259.609ms, allowed: 44000/minute', 259.609],
  ['toomanyrequests: retry-after: 985.86µs, allowed: 44000/minute', 0.98586],
  ['toomanyrequests: retry-after: 1m30.5s', 90_500],
  ['too many requests, Retry-After: 120', 120_000],
  ['{"retry-after":"30"}', 30_000],
  ['retry after 10s', 10_000],
  ['retry-after: 400h', 3_600_000],
])('"%s" asks for %d ms', (message, wait) => {
  expect(toldWaitMs(message)).toBeCloseTo(wait, 6);
});

test.each([
  'toomanyrequests: You have reached your pull rate limit.',
  'retry-after: Wed, 21 Oct 2026 07:28:00 GMT',
  'retry-after: soon',
  'retry-after: 12abc',
])('"%s" asks for no time that could be read', (message) => {
  expect(toldWaitMs(message)).toBeUndefined();
});
