import { expect, it } from 'vitest';
import { groupDecisions } from '../../../../../renderer/pages/activity/groups.ts';
import { decision } from './decisions.ts';

it('counts by command, the most refused first', () => {
  const decisions = [
    decision({ command: 'image pull', outcome: 'passed' }),
    decision({ command: 'image pull', outcome: 'passed' }),
    decision({ time: '2026-05-01T12:05:00.000Z' }),
    decision({ time: '2026-05-01T12:01:00.000Z' }),
  ];
  expect(groupDecisions(decisions, 'command')).toEqual([
    { name: 'image push', count: 2, refused: 2, last: '2026-05-01T12:05:00.000Z' },
    { name: 'image pull', count: 2, refused: 0, last: '2026-05-01T12:00:00.000Z' },
  ]);
});

it('groups by the image that was asked for, or else by the one that asked', () => {
  const decisions = [decision(), decision({ image: 'docker.io/library/alpine:latest' })];
  expect(groupDecisions(decisions, 'image').map(({ name }) => name)).toEqual([
    'docker.io/library/docker:cli',
    'docker.io/library/alpine:latest',
  ]);
});

it('puts all that this machine asked for by itself together', () => {
  const caller = { listener: 'host-gate' } as const;
  expect(groupDecisions([decision({ caller }), decision({ caller })], 'container')).toMatchObject([
    { name: '', count: 2 },
  ]);
});
