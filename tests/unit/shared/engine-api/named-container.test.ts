import { describe, expect, it } from 'vitest';
import { aboutContainer, containerNamedBy } from '../../../../shared/engine-api/named-container.ts';
import { spellTarget } from '../../../../shared/http/request-target.ts';
import { operationOf } from '../decision/ask.ts';

const ID = 'e1f0';

describe('a container that an operation names', () => {
  it.each([
    ['POST', '/v1.41/containers/web/start?x=1', 'web', '/v1.41/containers/e1f0/start?x=1'],
    ['POST', '/containers/w%65b/exec', 'web', '/containers/e1f0/exec'],
    ['POST', '/containers/web/alias/start', 'web/alias', '/containers/e1f0/start'],
    ['DELETE', '/containers/web?force=1', 'web', '/containers/e1f0?force=1'],
    ['DELETE', '/containers/web/checkpoints/web', 'web', '/containers/e1f0/checkpoints/web'],
    ['GET', '/containers/web/archive?path=/web', 'web', '/containers/e1f0/archive?path=/web'],
    ['GET', '/containers/start/json', 'start', '/containers/e1f0/json'],
    ['POST', '/commit?container=web&repo=a%2Fb', 'web', '/commit?repo=a%2Fb&container=e1f0'],
    ['POST', '/commit?%63ontainer=web&container=other', 'web', '/commit?container=e1f0'],
    ['POST', '/commit', '', '/commit?container=e1f0'],
    ['POST', '/build?t=x&networkmode=container:web&q', 'web', '/build?t=x&q&networkmode=container%3Ae1f0'],
    ['POST', '/build?networkmode=container:web&networkmode=host', 'web', '/build?networkmode=container%3Ae1f0'],
  ])('%s %s', (method, target, name, pinned) => {
    const operation = operationOf(method, target);
    expect(containerNamedBy(operation)).toBe(name);
    expect(spellTarget(aboutContainer(operation, ID))).toBe(pinned);
  });

  it.each([
    ['POST', '/containers/create?name=web'],
    ['POST', '/containers/prune'],
    ['GET', '/containers/json'],
    ['POST', '/exec/e1f0/start'],
    ['POST', '/build?networkmode=none'],
    ['POST', '/images/web/push'],
  ])('%s %s names none', (method, target) => {
    const operation = operationOf(method, target);
    expect(containerNamedBy(operation)).toBeUndefined();
    expect(() => aboutContainer(operation, ID)).toThrow('names no container');
  });
});
