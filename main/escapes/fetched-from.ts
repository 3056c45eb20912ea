import { lookup } from 'node:dns/promises';
import type { Operation } from '../../shared/engine-api/operation.ts';
import { fetchedBy } from '../../shared/escape/by-query.ts';
import type { Escape } from '../../shared/escape/kinds.ts';
import { isLocalAddress, isLocalHost } from '../../shared/escape/local-url.ts';

/** The addresses of a name; rejects where nobody knows it. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As programs of this machine find them, `/etc/hosts` among the places. */
export const resolveHere: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

/** Longer than a name server that is there takes. */
const PATIENCE_MS = 2_000;

/**
 * What a build or an import would fetch from the machine itself by a name that does not show it: most machines call
 * themselves by one that leads to their own loopback. A name that cannot be resolved here is no reason to refuse: behind
 * a proxy only that one can. Who runs the name server can give another answer to the engine.
 */
export async function fetchedFrom(
  operation: Operation,
  resolve: Resolve = resolveHere,
  patienceMs = PATIENCE_MS,
): Promise<readonly Escape[]> {
  const named = fetchedBy(operation).filter(({ host }) => !isLocalHost(host) && !host.startsWith('['));
  const found = named.map(async ({ name, host }): Promise<readonly Escape[]> => {
    const local = (await addressesOf(host, resolve, patienceMs)).find(isLocalAddress);
    return local === undefined ? [] : [{ kind: 'local-url', found: `${name}: "${host}", which is ${local} here` }];
  });
  return (await Promise.all(found)).flat();
}

async function addressesOf(host: string, resolve: Resolve, patienceMs: number): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly string[]>((done) => {
    timer = setTimeout(done, patienceMs, []);
  });
  try {
    return await Promise.race([resolve(host), late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
