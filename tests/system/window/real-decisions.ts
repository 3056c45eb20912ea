import { connect } from 'node:net';

/** So many requests go out on one connection before their answers are awaited. */
const PIPELINED = 50;
const CONNECTIONS = 4;
/** Names that are pushed: enough that texts differ, few enough that they come again. */
const NAMES = 1_000;

/** Numbers the requests of this process; each has its own tag, and its name by the number. */
let made = 0;

/**
 * Has a filtered socket refuse so many pushes, each a request and a decision of its own. Resolves when all are answered
 * with 403; rejects at any other answer.
 */
export async function refusePushes(socketPath: string, count: number): Promise<void> {
  const requests = Array.from({ length: count }, () => {
    made += 1;
    return `POST /v1.41/images/team/app-${made % NAMES}/push?tag=v${made} HTTP/1.1\r\nHost: docker\r\n\r\n`;
  });
  const share = Math.ceil(count / CONNECTIONS);
  const shares = Array.from({ length: CONNECTIONS }, (_, at) => requests.slice(at * share, (at + 1) * share));
  await Promise.all(shares.map((some) => refusedOnOne(socketPath, some)));
}

async function refusedOnOne(socketPath: string, requests: readonly string[]): Promise<void> {
  const count = requests.length;
  if (count === 0) return;
  const socket = connect(socketPath);
  let sent = 0;
  let answered = 0;
  let rest = '';
  const send = () => {
    socket.write(requests.slice(sent, sent + PIPELINED).join(''));
    sent = Math.min(count, sent + PIPELINED);
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the socket hung up after ${answered} of ${count} answers`)));
    socket.on('data', (data) => {
      rest += data.toString('latin1');
      for (let at = rest.indexOf('HTTP/1.1 '); at !== -1; at = rest.indexOf('HTTP/1.1 ')) {
        const status = rest.slice(at + 9, at + 12);
        if (status.length < 3) break;
        if (status !== '403') return reject(new Error(`a push was answered with ${status}`));
        answered += 1;
        rest = rest.slice(at + 12);
      }
      // What is left is the rest of an answer, which may hold the beginning of the next status line.
      rest = rest.slice(-12);
      if (answered === count) resolve();
      else if (answered === sent) send();
    });
    send();
  });
  socket.removeAllListeners('close').destroy();
}
