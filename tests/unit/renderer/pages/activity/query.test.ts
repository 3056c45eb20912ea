import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matcher, parseQuery, withTerm } from '../../../../../renderer/pages/activity/query.ts';
import { decision } from './decisions.ts';

const NOON = Date.parse('2026-05-01T12:00:00Z');
const fits = (search: string, event = decision()) => matcher(parseQuery(search), NOON)(event);

describe('searching decisions', () => {
  it.each([
    '',
    'push',
    'PUSH',
    'push app',
    'image:docker',
    'command:push',
    'command:"image push"',
    'command:imagepush',
    'reason:command-denied',
    'decision:blocked',
    'decision:refused',
    'decision:observed,blocked',
    'container:c0ff',
    'since:15m',
    'since:2026-05-01',
    'since:2026-05-01T11:59:00Z',
    '-command:pull',
    'docker.io/library/docker:cli',
    'image:docker.io/library/docker:cli',
  ])('finds a refused push by %j', (search) => {
    expect(fits(search)).toBe(true);
  });

  it.each([
    'pull',
    'push pull',
    'image:alpine',
    'decision:passed',
    'decision:granted',
    'decision:observed',
    '-command:push',
    'since:2026-05-02',
    'container:dead',
    '-decision:blocked',
  ])('does not find it by %j', (search) => {
    expect(fits(search)).toBe(false);
  });

  it('looks at the image that was asked for as well as at the one that asked', () => {
    expect(fits('image:alpine', decision({ image: 'docker.io/library/alpine:latest' }))).toBe(true);
  });

  it('says what it did not understand, and leaves that out', () => {
    expect(parseQuery('since:soon push')).toMatchObject({ problems: ['since:soon'], terms: [{ value: 'push' }] });
  });

  it('replaces a term of the same operator, and quotes blanks', () => {
    expect(withTerm('a image:x b', 'image', 'y')).toBe('a b image:y');
    expect(withTerm('command:"image push" a', 'command', 'image pull')).toBe('a command:"image pull"');
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof fits(text) === 'boolean'));
  });

  it('finds what a term was made from', () => {
    const value = fc.stringMatching(/^[a-z][a-z/.: -]{0,20}[a-z]$/);
    fc.assert(
      fc.property(value, (image) => {
        expect(fits(withTerm('', 'image', image), decision({ image }))).toBe(true);
      }),
    );
  });
});
