import { inspect } from '../ask-engine/evidence.ts';
import type { Attack, AttackClass } from '../attack.ts';
import { either, MALFORMED, MOUNT, wayOut } from '../build-attack/reasons.ts';
import type { Run } from '../stage/run.ts';
import { head } from '../wire/message.ts';

const refusal = either(MALFORMED, MOUNT, wayOut('bind-outside'));

/** The body of a create that binds the engine's socket. */
export function hiddenBody(run: Run): string {
  const HostConfig = { Binds: [`${run.engine.socket}:/x`] };
  return JSON.stringify({ Image: run.stage.image, Cmd: ['/bin/busybox'], HostConfig });
}

const createLine = (run: Run): string => `POST /containers/create?name=${run.name} HTTP/1.1`;

/** The whole request that is to be smuggled, after which the connection ends. */
export function hiddenRequest(run: Run): string {
  const body = hiddenBody(run);
  const fields = [
    'Host: docker',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ];
  return `${text(createLine(run), ...fields)}${body}`;
}

function text(...lines: readonly string[]): string {
  return head(lines).toString('latin1');
}

function chunked(body: string, extension = ''): string {
  return `${body.length.toString(16)}${extension}\r\n${body}\r\n0\r\n\r\n`;
}

type Described = Pick<Attack, 'id' | 'title' | 'quick'>;

/** Bytes behind which a create is hidden; what must not happen is that the engine carries it out. */
function smuggling(described: Described, bytes: (run: Run) => string | readonly string[]): Attack {
  return {
    ...described,
    attempt(door, run) {
      const made = bytes(run);
      return door.raw(...(typeof made === 'string' ? [made] : made));
    },
    happened: async (run) => (await inspect(run)) !== undefined,
    refusal,
  };
}

/** One create, whose own head is written in an unusual way. */
function headed(
  described: Described,
  fields: (length: number) => readonly string[],
  body: (json: string) => string = (json) => json,
): Attack {
  return smuggling(described, (run) => {
    const json = hiddenBody(run);
    return `${[createLine(run), 'Content-Type: application/json', 'Connection: close', ...fields(json.length), '', ''].join('\r\n')}${body(json)}`;
  });
}

const CHUNKED = 'Transfer-Encoding: chunked';

export const framing: AttackClass = {
  name: 'framing',
  forbids: 'a request that was never decided reaches the engine, because messages are delimited in two ways',
  attacks: [
    smuggling(
      { id: 'pipelined', title: 'sends the create behind a ping, in one packet', quick: true },
      (run) => text('GET /_ping HTTP/1.1', 'Host: docker') + hiddenRequest(run),
    ),
    smuggling(
      { id: 'after-refused', title: 'sends the create behind a request that is refused' },
      (run) =>
        `${text('POST /containers/none/start HTTP/1.1', 'Host: docker', 'Content-Length: 2')}{}${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'many', title: 'sends the create behind 50 pings' },
      (run) => text('GET /_ping HTTP/1.1', 'Host: docker').repeat(50) + hiddenRequest(run),
    ),
    smuggling(
      {
        id: 'length-and-coding',
        title: 'gives a length that covers the create, and a coding that does not',
        quick: true,
      },
      (run) => {
        const hidden = hiddenRequest(run);
        return `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', `Content-Length: ${hidden.length + 5}`, CHUNKED)}0\r\n\r\n${hidden}`;
      },
    ),
    smuggling({ id: 'get-length-and-coding', title: 'does so with a GET, whose body few read' }, (run) => {
      const hidden = hiddenRequest(run);
      return `${text('GET /info HTTP/1.1', 'Host: docker', CHUNKED, `Content-Length: ${hidden.length + 5}`)}0\r\n\r\n${hidden}`;
    }),
    smuggling(
      { id: 'two-lengths', title: 'gives the same length twice, the create behind' },
      (run) =>
        text('POST /volumes/prune HTTP/1.1', 'Host: docker', 'Content-Length: 2', 'Content-Length: 2') +
        '{}' +
        hiddenRequest(run),
    ),
    smuggling(
      { id: 'listed-lengths', title: 'gives a list of two lengths, the create behind' },
      (run) => `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', 'Content-Length: 2, 2')}{}${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'zero-length', title: 'announces no body (CVE-2024-41110), the create behind', quick: true },
      (run) => text('POST /volumes/prune HTTP/1.1', 'Host: docker', 'Content-Length: 0') + hiddenRequest(run),
    ),
    smuggling(
      { id: 'coding-twice', title: 'names the coding twice, the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', CHUNKED, CHUNKED)}0\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'coding-case', title: 'writes the coding in upper case, the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', 'tRANSFER-eNCODING: CHUNKED')}0\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'coding-folded', title: 'folds the line of the coding (obs-fold), the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', 'Transfer-Encoding:\r\n chunked')}0\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'chunk-extension', title: 'hides a line end in the extension of a chunk, the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', CHUNKED)}2;a="\n"\r\n{}\r\n0\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'chunk-bare-lf', title: 'ends chunk lines with bare line feeds, the create behind' },
      (run) => `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', CHUNKED)}2\n{}\n0\n\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'chunk-zeros', title: 'writes the size of a chunk with many zeros, the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', CHUNKED)}0000000000000002\r\n{}\r\n0000000000\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'trailers', title: 'gives trailers that look like fields, the create behind' },
      (run) =>
        `${text('POST /volumes/prune HTTP/1.1', 'Host: docker', CHUNKED, 'Trailer: X-A')}2\r\n{}\r\n0\r\nX-A: b\r\nX-B: c\r\n\r\n${hiddenRequest(run)}`,
    ),
    smuggling({ id: 'bare-lf', title: 'ends the lines of the head with bare line feeds', quick: true }, (run) =>
      hiddenRequest(run).replaceAll('\r\n', '\n'),
    ),
    smuggling(
      {
        id: 'bare-lf-between',
        title: 'ends a head before with bare line feeds, the create in what looks like its body',
      },
      (run) => `GET /_ping HTTP/1.1\nHost: docker\n\n${hiddenRequest(run)}`,
    ),
    smuggling(
      { id: 'get-body', title: 'gives a GET a body, the create behind' },
      (run) => `${text('GET /_ping HTTP/1.1', 'Host: docker', 'Content-Length: 2')}{}${hiddenRequest(run)}`,
    ),
    smuggling({ id: 'empty-lines', title: 'begins with empty lines' }, (run) => `\r\n\r\n${hiddenRequest(run)}`),
    smuggling({ id: 'pieces', title: 'sends the create byte for byte behind an answer' }, (run) =>
      [...hiddenRequest(run)].map((char) => char),
    ),
    headed({ id: 'http-1.0', title: 'speaks HTTP/1.0, without a Host' }, (length) => [`Content-Length: ${length}`]),
    headed(
      { id: 'chunked', title: 'sends the body in chunks, with extensions', quick: true },
      () => ['Host: docker', CHUNKED],
      (json) => chunked(json, ';a=b'),
    ),
    headed({ id: 'expect', title: 'expects 100-continue, and does not wait for it' }, (length) => [
      'Host: docker',
      'Expect: 100-continue',
      `Content-Length: ${length}`,
    ]),
    headed({ id: 'hop-by-hop', title: 'names the length as a field of the connection alone' }, (length) => [
      'Host: docker',
      'Connection: Content-Length',
      `Content-Length: ${length}`,
    ]),
    headed({ id: 'gzip', title: 'says that the body is gzip, which it is not' }, (length) => [
      'Host: docker',
      'Content-Encoding: gzip',
      `Content-Length: ${length}`,
    ]),
    headed({ id: 'content-type', title: 'says that the body is something with a charset' }, (length) => [
      'Host: docker',
      'Content-Type: application/json; charset=utf-16',
      `Content-Length: ${length}`,
    ]),
    headed({ id: 'name-space', title: 'has a blank before the colon of a decoy' }, (length) => [
      'Host: docker',
      'Content-Length : 0',
      `Content-Length: ${length}`,
    ]),
    headed({ id: 'plus', title: 'writes the length with a sign' }, (length) => [
      'Host: docker',
      `Content-Length: +${length}`,
    ]),
  ].map((attack) => (attack.id === 'http-1.0' ? asHttp10(attack) : attack)),
};

/** The same bytes with HTTP/1.0 in the request line. */
function asHttp10(attack: Attack): Attack {
  return {
    ...attack,
    attempt: (door, run) =>
      attack.attempt(
        { ...door, raw: (...pieces) => door.raw(...pieces.map((one) => `${one}`.replace('HTTP/1.1', 'HTTP/1.0'))) },
        run,
      ),
  };
}
