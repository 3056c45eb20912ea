import fc from 'fast-check';
import { expect } from 'vitest';
import { identifyOperation } from '../../../shared/engine-api/operation.ts';
import { type Route, routes } from '../../../shared/engine-api/routes.ts';
import { parseRequestTarget } from '../../../shared/http/request-target.ts';
import type { AttachedLab } from '../../lab/lab.ts';
import { ask, head } from '../gate/raw-client.ts';

/** Whose names nothing has in the lab, so that the engine's answer is an error that says what it looked for. */
const OBJECTS = /^\/(containers|images|networks|volumes|exec)\/\{/;
const rows: readonly Route[] = routes;
const askable = rows.filter(({ pattern }) => OBJECTS.test(pattern));

const name = fc
  .array(
    fc.constantFrom(
      'nix',
      'json',
      'push',
      'create',
      'start',
      'get',
      'attach',
      'checkpoints',
      'archive',
      '%2F',
      '/',
      '%3A',
      ':',
      '%40',
      '%25',
      '%2541',
      '+',
      '%20',
      '%C3%A9',
      '%E2%80%A9',
      '%70ush',
      '.',
      '-',
      '_',
      'v1.41',
    ),
    { minLength: 1, maxLength: 4 },
  )
  // Two letters more, so that it never is what the lab has.
  .map((parts) => `${parts.join('')}zq`);

const lines = fc.oneof(
  fc.tuple(fc.constantFrom(...askable), name, name).map(([{ method, pattern }, one, other]) => {
    const names = [one, other];
    return { method, target: `/v1.41${pattern.replace(/\{[^}]+\}/g, () => names.shift() ?? '')}` };
  }),
  fc
    .tuple(fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'get'), fc.constantFrom(...askable), name)
    .map(([method, { pattern }, one]) => ({ method, target: `/v1.41${pattern.replace(/\{[^}]+\}/g, one)}` })),
  fc
    .tuple(
      fc.constantFrom('GET', 'HEAD', 'get', 'PATCH'),
      fc.array(
        fc.constantFrom('containers', 'images', 'json', 'info', 'version', '_ping', 'x', '', 'events%2F', 'Containers'),
        { maxLength: 4 },
      ),
    )
    .map(([method, parts]) => ({ method, target: `/v1.41/${parts.join('/')}` })),
);

/** The kinds of things that the engine looks for, as its errors name them; `name` is what it looked for. */
const LOOKED_FOR: readonly (readonly [kind: string, expression: RegExp])[] = [
  ['container', /^No such container: (?<name>.*)$/s],
  // With the tag that it added.
  ['image', /^No such image: (?<name>.*?)(?::latest)?$/s],
  ['network', /^network (?<name>.*) not found$/s],
  ['volume', /^get (?<name>.*): no such volume$/s],
  ['exec', /^No such exec instance: (?<name>.*)$/s],
];

const KIND_OF: readonly (readonly [prefix: string, kind: string])[] = [
  ['/containers/', 'container'],
  ['/images/', 'image'],
  ['/networks/', 'network'],
  ['/volumes/', 'volume'],
  ['/exec/', 'exec'],
];

export interface Compared {
  /** Requests that the engine's router knows as little as we do. */
  readonly unknown: number;
  /** Requests of which the engine said what it looked for, and it was what we read. */
  readonly named: number;
}

/** Sends request lines to the engine and holds the route that it took, as its errors tell it, against ours. */
export async function compareTargets(lab: AttachedLab, count: number, seed: number): Promise<Compared> {
  let unknown = 0;
  let named = 0;
  for (const { method, target } of fc.sample(lines, { numRuns: count, seed })) {
    const parsed = parseRequestTarget(target);
    if (!parsed.ok) continue;
    const { id, params } = identifyOperation(method, parsed.target);
    const answer = await ask(lab.engineSocket, head(`${method} ${target}`, 'Content-Length: 0'), method);
    const line = `${method} ${target}: ${id}, the engine says ${answer.status} ${answer.body}`;
    const message = messageOf(answer.body);
    if (id === 'Unknown') {
      expect(line).toContain(method === 'HEAD' ? ' 404' : 'page not found');
      unknown += 1;
    }
    if (message === undefined) continue;
    for (const [kind, expression] of LOOKED_FOR) {
      const found = expression.exec(message)?.groups?.name;
      if (found === undefined) continue;
      const pattern = rows.find((row) => row.id === id)?.pattern ?? '';
      expect([line, KIND_OF.find(([prefix]) => pattern.startsWith(prefix))?.[1]]).toEqual([line, kind]);
      expect([line, Object.values(params)[0]]).toEqual([line, found]);
      named += 1;
    }
  }
  return { unknown, named };
}

function messageOf(body: string): string | undefined {
  try {
    const { message } = JSON.parse(Buffer.from(body, 'latin1').toString()) as { message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
