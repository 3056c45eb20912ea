import { expect } from 'vitest';
import { request } from '../../../lab/request.ts';
import { dial, head } from '../../gate/raw-client.ts';
import { abortOnce } from '../random-aborts.ts';
import { ask, type Chore } from './stage.ts';

const LISTS = ['/containers/json?all=1', '/images/json', '/volumes', '/networks', '/info', '/version'];
const BLOCKED = /^enhanced container isolation: docker command ".*" is blocked/;
const ERRORS: readonly (readonly [path: string, status: number])[] = [
  ['/containers/nobody/json', 404],
  ['/containers/json?filters=x', 500],
  ['/teleport', 404],
];

/** Refused whichever of the soak's policies is in force, after a request that is let through. */
async function asksWhatIsFiltered(socket: string): Promise<void> {
  expect(Array.isArray(await ask(socket, 200, 'GET', '/containers/json'))).toBe(true);
  expect((await ask(socket, 403, 'POST', '/images/made/push')).message).toMatch(BLOCKED);
}

/** What takes no container. */
export const ASKING: readonly Chore[] = [
  {
    does: 'pings on one connection',
    async run({ keeper }, random) {
      const client = await dial(keeper.hostGate);
      for (let left = 50 + random.below(200); left > 0; left -= 1) {
        client.send(head('GET /_ping'));
        expect((await client.answer()).body).toBe('OK');
      }
      client.destroy();
    },
  },
  {
    does: 'pings on many connections',
    async run({ keeper }, random) {
      const answers = Array.from({ length: 5 + random.below(30) }, () => request(keeper.hostGate, '/_ping'));
      for (const { status, body } of await Promise.all(answers)) expect(`${status} ${body}`).toBe('200 OK');
    },
  },
  {
    does: 'lists, and what is not there, on one connection',
    async run({ keeper }) {
      const client = await dial(keeper.hostGate);
      for (const path of LISTS) {
        client.send(head(`GET /v1.41${path}`));
        const { status, body } = await client.answer();
        expect(`${path} ${status}`).toBe(`${path} 200`);
        JSON.parse(Buffer.from(body, 'latin1').toString());
      }
      for (const [path, expected] of ERRORS) {
        client.send(head(`GET /v1.41${path}`));
        expect(`${path} ${(await client.answer()).status}`).toBe(`${path} ${expected}`);
      }
      client.destroy();
    },
  },
  { does: 'a standing socket', run: ({ standing }) => asksWhatIsFiltered(standing) },
  { does: 'the socket of a container', run: ({ filtered }) => asksWhatIsFiltered(filtered) },
  { does: 'a client that leaves', run: ({ keeper, aborts }, random) => abortOnce(keeper.hostGate, aborts, random) },
  {
    does: 'heads that two parsers could read differently',
    async run({ keeper }) {
      for (const odd of ['GET /_ping HTTP/1.1\nHost: docker\n\n', head('GET /a/../_ping'), head('GET  /_ping')]) {
        const client = await dial(keeper.hostGate);
        client.send(odd);
        expect((await client.answer()).status).toBe(400);
        client.socket.end();
        await client.rest();
      }
    },
  },
  {
    does: 'another policy',
    async run({ reloads, standing }) {
      const reload = await reloads.next();
      if (reload === undefined) return;
      try {
        // There is no such container: who may commit is told so.
        await ask(standing, reload.refusesCommits ? 403 : 404, 'POST', '/commit?container=nobody');
      } finally {
        reload.done();
      }
    },
  },
];
