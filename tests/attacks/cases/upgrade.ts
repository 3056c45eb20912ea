import { inspect } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { COMMAND, either, MALFORMED, MOUNT, wayOut } from '../build-attack/reasons.ts';
import { create } from '../build-attack/requests.ts';
import type { Run } from '../stage/run.ts';
import type { Door } from '../wire/door.ts';
import { head } from '../wire/message.ts';
import { hiddenBody, hiddenRequest } from './framing.ts';

const refusal = either(MALFORMED, MOUNT, COMMAND, wayOut('bind-outside', 'stronger-container'));

interface Upgrade extends Pick<Attack, 'id' | 'title' | 'quick' | 'prepare'> {
  /** What is written, in turns: the next one when the answer to the one before has begun. */
  readonly turns: (run: Run) => readonly (string | Uint8Array)[];
}

/** Requests for another protocol, with a create hidden in or behind them. */
function upgrading({ turns, ...described }: Upgrade): Attack {
  return {
    ...described,
    attempt: (door, run) => inTurns(door, turns(run)),
    happened: async (run) => (await inspect(run)) !== undefined,
    refusal,
  };
}

async function inTurns(door: Door, turns: readonly (string | Uint8Array)[]): Promise<void> {
  const conversation = door.open();
  for (const [at, turn] of turns.entries()) {
    conversation.write(turn);
    if (at < turns.length - 1) await conversation.until('\r\n\r\n');
  }
  door.hear(await conversation.rest());
  conversation.destroy();
}

const asking = (line: string, protocol: string, ...fields: readonly string[]): string =>
  head([`${line} HTTP/1.1`, 'Host: docker', 'Connection: Upgrade', `Upgrade: ${protocol}`, ...fields]).toString(
    'latin1',
  );

const createLine = (run: Run): string => `POST /containers/create?name=${run.name}`;
const WEBSOCKET = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=='];
const NONE = '/containers/lk-attack-none';

/** A create that itself asks for another protocol. */
function createAs(id: string, title: string, protocol: string, ...fields: readonly string[]): Attack {
  return upgrading({
    id,
    title,
    turns: (run) => {
      const body = hiddenBody(run);
      const type = ['Content-Type: application/json', `Content-Length: ${body.length}`];
      return [asking(createLine(run), protocol, ...type, ...fields) + body];
    },
  });
}

async function idle(run: Run): Promise<void> {
  const { path, json } = create(run, {}, { ending: '-idle' });
  await run.engine.have('POST', path, json);
  await run.engine.have('POST', `/containers/${run.name}-idle/start`);
}

/** An exec of the idle container's, made at the engine; its ID is kept. */
async function idleExec(run: Run): Promise<void> {
  await idle(run);
  const Cmd = ['/bin/busybox', 'cat'];
  const made = await run.engine.have('POST', `/containers/${run.name}-idle/exec`, { Cmd, AttachStdin: true });
  run.kept.set('exec', (JSON.parse(made.text) as { Id: string }).Id);
}

export const upgrade: AttackClass = {
  name: 'upgrade',
  forbids: 'a request that was never decided reaches the engine on a connection that changes its protocol, or seems to',
  attacks: [
    { ...createAs('create-tcp', 'asks for "tcp" with the create itself', 'tcp'), quick: true },
    createAs('create-h2c', 'asks for "h2c" with the create itself', 'h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'),
    createAs('create-websocket', 'asks for a WebSocket with the create itself', 'websocket', ...WEBSOCKET),
    createAs('create-two', 'asks for two protocols with the create itself', 'h2c, tcp'),
    upgrading({
      id: 'ping',
      title: 'asks a ping for "tcp", the create at once behind',
      quick: true,
      turns: (run) => [asking('GET /_ping', 'tcp') + hiddenRequest(run)],
    }),
    upgrading({
      id: 'ping-later',
      title: 'asks a ping for "tcp", the create after its answer',
      quick: true,
      turns: (run) => [asking('GET /_ping', 'tcp'), hiddenRequest(run)],
    }),
    upgrading({
      id: 'version-h2c',
      title: 'asks /version for h2c, the create in HTTP/1.1 after its answer',
      turns: (run) => [asking('GET /version', 'h2c', 'HTTP2-Settings: AAMAAABkAAQAAP__'), hiddenRequest(run)],
    }),
    upgrading({
      id: 'websocket-elsewhere',
      title: 'asks /info for a WebSocket, the create after its answer',
      turns: (run) => [asking('GET /info', 'websocket', ...WEBSOCKET), hiddenRequest(run)],
    }),
    upgrading({
      id: 'refused-attach',
      title: 'attaches to no container, the create after the refusal of the hijack',
      turns: (run) => [asking(`POST ${NONE}/attach?stream=1`, 'tcp', 'Content-Length: 0'), hiddenRequest(run)],
    }),
    upgrading({
      id: 'refused-attach-at-once',
      title: 'attaches to no container, the create at once behind',
      turns: (run) => [asking(`POST ${NONE}/attach?stream=1`, 'tcp', 'Content-Length: 0') + hiddenRequest(run)],
    }),
    upgrading({
      id: 'refused-exec',
      title: 'starts no exec, the create after the refusal',
      quick: true,
      turns: (run) => [
        `${asking('POST /exec/none/start', 'tcp', 'Content-Type: application/json', 'Content-Length: 2')}{}`,
        hiddenRequest(run),
      ],
    }),
    upgrading({
      id: 'refused-attach-ws',
      title: 'attaches to no container by WebSocket, the create after the refusal',
      turns: (run) => [asking(`GET ${NONE}/attach/ws`, 'websocket', ...WEBSOCKET), hiddenRequest(run)],
    }),
    upgrading({
      id: 'detached-exec',
      title: 'starts an exec detached, which stays HTTP whatever it asks for',
      prepare: idleExec,
      turns: (run) => [
        `${asking(
          `POST /exec/${run.kept.get('exec')}/start`,
          'tcp',
          'Content-Type: application/json',
          'Content-Length: 15',
        )}{"Detach":true}`,
        hiddenRequest(run),
      ],
    }),
    upgrading({
      id: 'no-session',
      title: 'asks /session for no protocol, the create after its refusal',
      turns: (run) => [head(['POST /session HTTP/1.1', 'Host: docker', 'Content-Length: 0']), hiddenRequest(run)],
    }),
    upgrading({
      id: 'other-session',
      title: 'asks /grpc for an unknown protocol, the create after its refusal',
      turns: (run) => [asking('POST /grpc', 'gopher', 'Content-Length: 0'), hiddenRequest(run)],
    }),
    upgrading({
      id: 'logs',
      title: 'reads the logs of no container with "Connection: Upgrade" alone, the create behind',
      turns: (run) => [
        head([`GET ${NONE}/logs HTTP/1.1`, 'Host: docker', 'Connection: upgrade, keep-alive']),
        hiddenRequest(run),
      ],
    }),
    upgrading({
      id: 'preface',
      title: 'begins with the preface of HTTP/2, the create behind',
      turns: (run) => [`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hiddenRequest(run)}`],
    }),
    upgrading({
      id: 'connect',
      title: 'asks for a tunnel by CONNECT, the create behind',
      turns: (run) => [head(['CONNECT docker:80 HTTP/1.1', 'Host: docker:80']), hiddenRequest(run)],
    }),
  ],
};
