import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Decided } from '../../../../main/enforcement/enforce.ts';
import { proveBlockedMount } from '../../../../main/set-up/prove.ts';
import { found } from './found.ts';

const refused: Decided = { kind: 'refuse', refusal: { status: 403, reason: 'not-listed', message: 'denied' } };
let folder: string;
let gate: string;
let server: Server;
let answer: { status: number; body: string };
let created: string[];
let removed: string[];

/** Answers as no gate should, which the real one cannot be brought to do. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lk-prove-'));
  gate = join(folder, 'g.sock');
  created = [];
  removed = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      created.push(`${request.method} ${request.url?.split('?')[0]} ${body}`);
      response.writeHead(answer.status).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(gate, resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const prove = (decide: (image: string) => Decided, tags = ['<none>:<none>', 'listed:1', 'other:1']) =>
  found(
    proveBlockedMount({
      gate,
      endpoint: { kind: 'socket', url: 'unix:///e.sock', path: '/e.sock' },
      decide: async (image) => decide(image),
      engine: {
        taggedImages: async () => [{ id: 'sha256:1', tags }],
        removeContainer: async (id) => void removed.push(id),
      },
    }),
  );
const onlyOther = (image: string): Decided => (image === 'other:1' ? refused : { kind: 'pass' });

it('asks with an image that is refused, and shows the answer', async () => {
  answer = { status: 403, body: '{"message":"mount denied"}' };
  expect(await prove(onlyOther)).toMatch(/^pass refused: Just now a container of other:1 .*“mount denied”$/);
  expect(created).toEqual([
    'POST /containers/create {"Image":"other:1","HostConfig":{"Mounts":[{"Type":"bind","Source":"/e.sock","Target":"/var/run/docker.sock"}]}}',
  ]);
  expect(removed).toEqual([]);
});

it('removes a container that was let through, and says so', async () => {
  answer = { status: 201, body: '{"Id":"c1","Warnings":[]}' };
  expect(await prove(onlyOther)).toMatch(/^fail let-through: /);
  expect(removed).toEqual(['c1']);
});

it('asks nothing without such an image', async () => {
  expect(await prove(() => ({ kind: 'pass' }))).toMatch(/^unknown no-image/);
  expect(await prove(() => refused, [])).toMatch(/^unknown no-image/);
  expect(created).toEqual([]);
});

it('takes nothing else for a proof', async () => {
  answer = { status: 503, body: '{"message":"the engine is away"}' };
  expect(await prove(onlyOther)).toBe('unknown undecided: It could not be tried: the engine is away');
  answer = { status: 502, body: '<html>' };
  expect(await prove(onlyOther)).toMatch(/^unknown undecided: /);
  server.close();
  rmSync(gate, { force: true });
  expect(await prove(onlyOther)).toMatch(/^unknown undecided: It could not be tried: connect ENOENT/);
});
