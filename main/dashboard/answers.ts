import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { securityHeaders } from '../window-files/security-headers.ts';
import type { Refusal } from './refusal.ts';
import type { DashboardAnswer } from './requests.ts';
import type { Entry } from './visitors.ts';

/** The page reaches the contract where it came from. */
const headersOfAll = securityHeaders("'self'");

/** Sends what was decided; Node leaves the body out for HEAD. A refusal also hangs up. */
export function send(response: ServerResponse, answer: DashboardAnswer): void {
  if (answer.kind === 'refusal') {
    const { status, headers, body } = refused(answer.refusal);
    response.writeHead(status, headers).end(body);
  } else if (answer.kind === 'asset') {
    const { body, headers } = answer.asset;
    response.writeHead(200, { ...headersOfAll, ...headers, 'Content-Length': body.length }).end(body);
  } else {
    const headers = { ...headersOfAll, 'Cache-Control': 'no-store' };
    response.writeHead(303, { ...headers, ...homeward(answer.entry) }).end();
  }
}

/** Refuses the upgrade of a connection, on which no answer of Node's stands ready. */
export function refuseUpgrade(stream: Duplex, refusal: Refusal): void {
  const { status, headers, body } = refused(refusal);
  const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(body) });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  if (!stream.writable) return void stream.destroy();
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => stream.destroy());
}

/** What stands after `#` stays in the browser: no server and no other origin sees it. */
function homeward(entry: Entry | undefined): Readonly<Record<string, string>> {
  if (entry === undefined) return { Location: '/' };
  return { Location: `/#proof=${entry.proof}`, 'Set-Cookie': entry.cookie };
}

function refused({ status, message, headers = {} }: Refusal) {
  const all: Readonly<Record<string, string>> = {
    ...headersOfAll,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...headers,
  };
  return { status, headers: all, body: `${message}\n` };
}
