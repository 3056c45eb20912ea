import { describe, expect, it } from 'vitest';
import { identifyOperation } from '../../../../shared/engine-api/operation.ts';
import { ambiguousParameter } from '../../../../shared/engine-api/parameters.ts';
import { parseRequestTarget } from '../../../../shared/http/request-target.ts';

function ambiguous(path: string): string | undefined {
  const target = parseRequestTarget(path);
  if (!target.ok) throw new Error(target.problem);
  return ambiguousParameter(identifyOperation('POST', target.target));
}

describe('ambiguousParameter', () => {
  it.each([
    ['/commit?container=a&container=b', 'container'],
    ['/commit?Container=b', 'Container'],
    ['/images/create?fromSrc=-&fromSrc=/etc/x.tar', 'fromSrc'],
    ['/images/create?FromImage=a', 'FromImage'],
    ['/images/create?from%53rc=-&FROMSRC=-', 'FROMSRC'],
    ['/build?networ%E2%84%AAmode=host', 'networ\u212Amode'],
    ['/build?volume%C5%BF=x', 'volume\u017F'],
    ['/build?version=2&version=1', 'version'],
    ['/containers/create?platform=a&platform=b', 'platform'],
    ['/containers/a/start?checkpoint=&Checkpoint=x', 'Checkpoint'],
  ])('%s', (path, name) => {
    expect(ambiguous(path)).toBe(name);
  });

  it.each([
    '/commit?container=a&container=a',
    '/build?t=a&t=b&T=c',
    '/images/create?fromImage=a&tag=b',
    // As dockerode sends it.
    '/containers/create?name=a&Image=b&Volumes=%5Bobject%20Object%5D&HostConfig=x',
    '/info',
  ])('lets %j be', (path) => {
    expect(ambiguous(path)).toBeUndefined();
  });
});
