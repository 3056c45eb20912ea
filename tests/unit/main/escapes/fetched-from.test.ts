import { expect, it } from 'vitest';
import { fetchedFrom, type Resolve } from '../../../../main/escapes/fetched-from.ts';
import { operationOf } from '../../shared/decision/ask.ts';

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  machine: ['127.0.1.1'],
  six: ['2001:db8::1', '::1'],
  linked: ['fe80::1%eth0'],
  outside: ['192.0.2.1', '2001:db8::1'],
};
const asked: string[] = [];
const resolve: Resolve = async (host) => {
  asked.push(host);
  const addresses = KNOWN[host];
  if (addresses === undefined) throw new Error(`ENOTFOUND ${host}`);
  return addresses;
};
const found = async (target: string) =>
  (await fetchedFrom(operationOf('POST', target), resolve)).map(({ kind, found: what }) => `${kind} ${what}`);

it.each([
  ['/build?remote=http://machine/a.tar', ['local-url remote: "machine", which is 127.0.1.1 here']],
  ['/build?version=2&remote=git@six:a/b.git', ['local-url remote: "six", which is ::1 here']],
  ['/images/create?fromSrc=http://linked:80/', ['local-url fromSrc: "linked", which is fe80::1%eth0 here']],
  ['/images/create?fromSrc=http://outside/', []],
  // Behind a proxy only that one may know it.
  ['/images/create?fromSrc=http://unknown/', []],
])('%s', async (target, what) => {
  expect(await found(target)).toEqual(what);
});

it('asks for names of hosts only', async () => {
  asked.length = 0;
  for (const of of ['/build?remote=client-session', '/images/create?fromSrc=-', '/images/create?fromImage=machine/a']) {
    expect(await found(of)).toEqual([]);
  }
  // They show by themselves.
  for (const local of ['localhost', '127.0.0.1', '[::1]']) await found(`/build?remote=http://${local}/`);
  expect(asked).toEqual([]);
});

it('does not wait for a name server that is silent', async () => {
  const operation = operationOf('POST', '/build?remote=http://machine/');
  expect(await fetchedFrom(operation, () => new Promise(() => undefined), 1)).toEqual([]);
});
