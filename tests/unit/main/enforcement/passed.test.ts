import { expect, it } from 'vitest';
import { type PassedDeps, passed } from '../../../../main/enforcement/passed.ts';
import type { Facts } from '../../../../shared/decision/facts.ts';
import { container, hostGate, standing } from '../../shared/decision/ask.ts';

const holder = container.kind === 'container-socket' ? container.holder : undefined;
const asked: string[] = [];
const deps = {
  sockets: {
    holderOf: (id: string) => (id === holder?.containerId ? holder : undefined),
    cutOffs: {
      startAsked: (one: { containerId: string }, before: string | undefined) => {
        asked.push(`${one.containerId} ${before}`);
        return () => undefined;
      },
    },
  },
  reached: () => undefined,
  failed: () => undefined,
  facts: { own: {} },
} as unknown as PassedDeps;

const facts = (id: string): Facts => ({
  container: { kind: 'present', id, image: '', imageId: '', holds: { kind: 'nothing' }, startedAt: 'before' },
});

it.each(['ContainerStart', 'ContainerRestart'])('only the host gives a socket back, by %s', (operation) => {
  asked.length = 0;
  for (const listener of [standing, container]) {
    expect(passed(deps, operation, listener, facts('c1')).begun).toBeUndefined();
  }
  expect(passed(deps, operation, hostGate, facts('another')).begun).toBeUndefined();
  expect(passed(deps, operation, hostGate, { container: { kind: 'absent' } }).begun).toBeUndefined();
  passed(deps, operation, hostGate, facts('c1')).begun?.(() => undefined);
  expect(asked).toEqual(['c1 before']);
});
