import { describe, expect, it } from 'vitest';
import { type PassedDeps, passed, unlessAbsent } from '../../../../main/enforcement/passed.ts';
import type { Facts } from '../../../../shared/decision/facts.ts';
import type { Listener } from '../../../../shared/decision/listener.ts';
import { spellTarget } from '../../../../shared/http/request-target.ts';
import { container, hostGate, operationOf, standing } from '../../shared/decision/ask.ts';

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

function goesOn(target: string, listener: Listener, known: Facts) {
  return passed(deps, operationOf('POST', target), listener, known);
}

it.each(['start', 'restart'])('only the host gives a socket back, by %s', (what) => {
  const target = `/containers/c1/${what}`;
  asked.length = 0;
  for (const listener of [standing, container]) expect(goesOn(target, listener, facts('c1')).begun).toBeUndefined();
  expect(goesOn(target, hostGate, facts('another')).begun).toBeUndefined();
  expect(goesOn(target, hostGate, { container: { kind: 'absent' } }).begun).toBeUndefined();
  goesOn(target, hostGate, facts('c1')).begun?.(() => undefined);
  expect(asked).toEqual(['c1 before']);
});

describe('a container that was looked up', () => {
  const known: Facts = { named: { kind: 'present', id: 'e1f0' } };

  it('is the one that the request goes on to from a filtered socket, whatever its name means by then', () => {
    const { target } = goesOn('/v1.41/containers/web/attach?stdin=1', standing, known);
    expect(target && spellTarget(target)).toBe('/v1.41/containers/e1f0/attach?stdin=1');
    expect(goesOn('/containers/web/attach', hostGate, known).target).toBeUndefined();
    expect(goesOn('/containers/web/attach', container, {}).target).toBeUndefined();
  });

  it('is said not to be there when it was not', () => {
    const pass = { decision: { kind: 'pass' }, facts: { named: { kind: 'absent' } } } as const;
    const start = operationOf('POST', '/containers/web/start');
    const absent = { kind: 'absent', message: 'No such container: web' };
    expect(unlessAbsent(pass, start, container).decision).toEqual(absent);
    expect(unlessAbsent(pass, start, hostGate)).toBe(pass);
    expect(unlessAbsent({ ...pass, facts: known }, start, standing).decision).toBe(pass.decision);
    expect(unlessAbsent({ ...pass, facts: {} }, start, standing).decision).toBe(pass.decision);
  });
});
