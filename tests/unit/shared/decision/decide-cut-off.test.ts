import { describe, expect, it } from 'vitest';
import { ask, container, hostGate, refusalOf, standing } from './ask.ts';
import { closed, policyOf } from './policy-of.ts';

const cutOff = { cutOff: { kind: 'cut-off', since: '2026-01-02T03:04:05.678Z' } } as const;
const listed = policyOf({ images: ['docker:cli'] });

describe('a container that was cut off by hand', () => {
  it('is refused with when, where and what to do, and not in the words of a list', () => {
    const refusal = refusalOf(ask(listed, container, 'GET /v1.43/containers/json', cutOff));
    expect(refusal).toEqual({
      status: 403,
      reason: 'cut-off',
      remedy: 'give its socket back there, or restart it from the host: docker restart c1',
      message:
        "lockkeeper: this container was cut off from Docker at 2026-01-02T03:04:05.678Z, in Lockkeeper's window under " +
        'Containers; give its socket back there, or restart it from the host: docker restart c1',
    });
  });

  it.each([
    ['while nothing is enforced', policyOf({ images: ['docker:cli'], value: false })],
    ['without a policy', closed],
    ['when its image is not listed any more', policyOf({ images: ['alpine'] })],
  ])('is refused for that reason also %s', (_, state) => {
    expect(refusalOf(ask(state, container, 'POST /v1.43/containers/create', cutOff)).reason).toBe('cut-off');
  });

  it('may still ask for ping and version', () => {
    for (const line of ['HEAD /_ping', 'GET /v1.43/version']) {
      expect(ask(listed, container, line, cutOff)).toEqual({ kind: 'pass' });
    }
  });
});

it('is asked about containers only', () => {
  const asked = (listener: typeof container) =>
    ask(listed, listener, 'GET /v1.43/containers/json', { cutOff: undefined } as never);
  expect(asked(container)).toEqual({ kind: 'need', fact: 'cutOff' });
  expect(asked(hostGate)).toEqual({ kind: 'pass' });
  expect(asked(standing)).toEqual({ kind: 'pass' });
});
