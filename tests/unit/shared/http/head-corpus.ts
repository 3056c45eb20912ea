/**
 * Request heads, good and bad, as Latin-1 strings: for the unit tests of the parsers, and to be replayed against a
 * real engine and through the gate. Each bad head differs in one thing from one that is accepted.
 */
export interface HeadCase {
  readonly id: string;
  /** The head up to and with its empty line; with `body`, what follows it on the wire. */
  readonly bytes: string;
  readonly body?: string;
  readonly expect: 'accepted' | 'refused';
  /** Of the refusal. */
  readonly status?: 400 | 413 | 417 | 431 | 505;
  /** What refuses it: scanHead or parseRequestHead ("head"), or parseRequestTarget ("target"). */
  readonly by?: 'head' | 'target';
}

const HOST = 'Host: api.moby.localhost';
const PING = 'GET /_ping HTTP/1.1';
const CREATE = 'POST /containers/create HTTP/1.1';

function lines(...all: string[]): string {
  return `${all.join('\r\n')}\r\n\r\n`;
}

function good(id: string, bytes: string, body?: string): HeadCase {
  return { id, bytes, expect: 'accepted', ...(body === undefined ? {} : { body }) };
}

function bad(id: string, bytes: string, status: NonNullable<HeadCase['status']> = 400): HeadCase {
  return { id, bytes, expect: 'refused', status, by: 'head' };
}

function goodTarget(target: string): HeadCase {
  return good(`target ${target}`, lines(`GET ${target} HTTP/1.1`, HOST));
}

function badTarget(target: string): HeadCase {
  const bytes = lines(`GET ${target} HTTP/1.1`, HOST);
  return { id: `target ${target}`, bytes, expect: 'refused', status: 400, by: 'target' };
}

const clients: readonly HeadCase[] = [
  good('docker ping', lines('HEAD /_ping HTTP/1.1', HOST, 'User-Agent: Docker-Client/28.5.2 (linux)')),
  good(
    'docker create',
    lines(
      CREATE,
      HOST,
      'User-Agent: Docker-Client/28.5.2 (linux)',
      'Content-Length: 2',
      'Content-Type: application/json',
    ),
    '{}',
  ),
  good(
    'docker attach',
    lines(
      'POST /v1.43/containers/x/attach?stderr=1&stdout=1&stream=1 HTTP/1.1',
      HOST,
      'Content-Length: 0',
      'Connection: Upgrade',
      'Content-Type: text/plain',
      'Upgrade: tcp',
    ),
  ),
  good(
    'docker build',
    lines('POST /v1.43/build?t=x HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Content-Type: application/x-tar'),
    '0\r\n\r\n',
  ),
  good(
    'buildkit session',
    lines('POST /session HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: h2c', 'X-Docker-Expose-Session-Uuid: a'),
  ),
  good('curl', lines(PING, 'Host: localhost', 'User-Agent: curl/7.88.1', 'Accept: */*')),
  good(
    'docker-py',
    lines(PING, 'Host: localhost', 'Accept-Encoding: gzip, deflate', 'Accept: */*', 'Connection: keep-alive'),
  ),
  good('socket path as host, as old clients send it', lines(PING, 'Host: %2Fvar%2Frun%2Fdocker.sock')),
  good('curl with a large body', lines(CREATE, HOST, 'Content-Length: 2', 'Expect: 100-continue'), '{}'),
  good('large registry config', lines('POST /v1.43/build HTTP/1.1', HOST, `X-Registry-Config: ${'A'.repeat(200_000)}`)),
];

const legal: readonly HeadCase[] = [
  good('field names in any case', lines(PING, 'hOST: localhost')),
  good('coding in any case', lines(CREATE, HOST, 'tRANSFER-eNCODING: CHUNKED'), '0\r\n\r\n'),
  good('expect in any case', lines(CREATE, HOST, 'Content-Length: 2', 'Expect: 100-Continue'), '{}'),
  good('no white space after the colon', lines(PING, 'Host:localhost')),
  good('much white space around the value', lines(PING, 'Host: \t  localhost \t ')),
  good('a tab inside a value', lines(PING, HOST, 'X-Note: a\tb')),
  good('bytes above ASCII in a value', lines(PING, HOST, 'X-Note: caf\xe9 \x80\xff')),
  good('an empty value', lines(PING, HOST, 'X-Empty:')),
  good('an empty Host', lines(PING, 'Host:')),
  good('a colon in a value', lines(PING, HOST, 'X-Note: a:b')),
  good('all token characters in a name', lines(PING, HOST, "X!#$%&'*+-.^_`|~9: 1")),
  good('an ordinary field twice', lines(PING, HOST, 'Accept: a', 'Accept: b')),
  good('a method override, which overrides nothing', lines(PING, HOST, 'X-HTTP-Method-Override: DELETE')),
  good('a lower-case method, which no route has', lines('get /_ping HTTP/1.1', HOST)),
  good('an unknown method', lines('PURGE /_ping HTTP/1.1', HOST)),
  good('a body on GET', lines(PING, HOST, 'Content-Length: 2'), 'hi'),
  good('a length of zero', lines(CREATE, HOST, 'Content-Length: 0')),
  good('a trailer', lines(CREATE, HOST, 'Transfer-Encoding: chunked', 'Trailer: X-Sum'), '0\r\nX-Sum: 1\r\n\r\n'),
  good('connection close', lines(PING, HOST, 'Connection: close')),
  good('two connection fields', lines(PING, HOST, 'Connection: close', 'Connection: X-Hop')),
  good('Connection: Upgrade without Upgrade', lines(PING, HOST, 'Connection: Upgrade')),
  good('Upgrade without Connection, as /grpc takes it', lines('POST /grpc HTTP/1.1', HOST, 'Upgrade: h2c')),
  good('several protocols to upgrade to', lines(PING, HOST, 'Upgrade: h2c, websocket')),
  good('an empty Upgrade', lines(PING, HOST, 'Upgrade:')),
  good('TE: trailers', lines(PING, HOST, 'TE: trailers', 'Connection: TE')),
  good(
    'form encoding, which is refused later',
    lines(CREATE, HOST, 'Content-Length: 3', 'Content-Type: application/x-www-form-urlencoded'),
    'a=b',
  ),
];

const requestLines: readonly HeadCase[] = [
  bad('two spaces before the target', lines('GET  /_ping HTTP/1.1', HOST)),
  bad('two spaces before the version', lines('GET /_ping  HTTP/1.1', HOST)),
  bad('a space after the version', lines('GET /_ping HTTP/1.1 ', HOST)),
  bad('a space before the method', lines(' GET /_ping HTTP/1.1', HOST)),
  bad('a space for the method', lines(' /_ping HTTP/1.1', HOST)),
  bad('two spaces for the line end', `${PING}  ${HOST}\r\n\r\n`),
  bad('a tab for a space', lines('GET\t/_ping HTTP/1.1', HOST)),
  bad('a tab before the version', lines('GET /_ping\tHTTP/1.1', HOST)),
  bad('a space in the target', lines('GET /_ping x HTTP/1.1', HOST)),
  bad('no version', lines('GET /_ping', HOST)),
  bad('only a method', lines('GET', HOST)),
  bad('no target', lines('GET HTTP/1.1', HOST)),
  bad('no method', lines('/_ping HTTP/1.1', HOST)),
  bad('a comma in the method', lines('GET,POST /_ping HTTP/1.1', HOST)),
  bad('a colon in the method', lines('GET: /_ping HTTP/1.1', HOST)),
  bad('a byte above ASCII in the method', lines('G\xcbT /_ping HTTP/1.1', HOST)),
  bad('a byte above ASCII in the target', lines('GET /caf\xe9 HTTP/1.1', HOST)),
  bad('absolute form', lines('GET http://api.moby.localhost/_ping HTTP/1.1', HOST)),
  bad('authority form', lines('CONNECT api.moby.localhost:80 HTTP/1.1', HOST)),
  bad('asterisk form', lines('OPTIONS * HTTP/1.1', HOST)),
  bad('a relative target', lines('GET _ping HTTP/1.1', HOST)),
  bad('a lower-case protocol', lines('GET /_ping http/1.1', HOST)),
  bad('another protocol', lines('GET /_ping ICY/1.1', HOST)),
  bad('a version of two digits', lines('GET /_ping HTTP/1.10', HOST)),
  bad('a comma in the version', lines('GET /_ping HTTP/1,1', HOST)),
  bad('HTTP/1.0', lines('GET /_ping HTTP/1.0', HOST), 505),
  bad('HTTP/0.9', lines('GET /_ping HTTP/0.9', HOST), 505),
  bad('HTTP/1.2', lines('GET /_ping HTTP/1.2', HOST), 505),
  bad('HTTP/2.0', lines('GET /_ping HTTP/2.0', HOST), 505),
  bad('the HTTP/2 preface', lines('PRI * HTTP/2.0'), 505),
];

const bytesAndLines: readonly HeadCase[] = [
  bad('a bare line feed after the request line', `${PING}\n${HOST}\r\n\r\n`),
  bad('a bare line feed after a field', `${PING}\r\n${HOST}\n\r\n`),
  bad('bare line feeds at the end', `${PING}\r\n${HOST}\n\n`),
  bad('a bare carriage return between fields', `${PING}\r\n${HOST}\rX-A: b\r\n\r\n`),
  bad('a bare carriage return in a value', `${PING}\r\n${HOST}\r\nX-A: b\rc\r\n\r\n`),
  bad('two carriage returns', `${PING}\r\r\n${HOST}\r\n\r\n`),
  bad('an empty line first', `\r\n${lines(PING, HOST)}`),
  bad('a NUL in a value', lines(PING, HOST, 'X-A: b\0c')),
  bad('a NUL in the target', lines('GET /_ping\0 HTTP/1.1', HOST)),
  bad('a vertical tab in a value', lines(PING, HOST, 'X-A: b\x0bc')),
  bad('a form feed in a value', lines(PING, HOST, 'X-A: \x0cb')),
  bad('a delete in a value', lines(PING, HOST, 'X-A: b\x7f')),
  bad('an escape in a value', lines(PING, HOST, 'X-A: \x1b[31m')),
  bad('a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
];

const fieldLines: readonly HeadCase[] = [
  bad('a folded value', lines(PING, HOST, 'X-A: b', ' c')),
  bad('a folded value with a tab', lines(PING, HOST, 'X-A: b', '\tc')),
  bad('white space before the first field', lines(PING, ` ${HOST}`)),
  bad('a space before the colon', lines(PING, HOST, 'X-A : b')),
  bad('a tab before the colon', lines(PING, HOST, 'X-A\t: b')),
  bad('a space in a name', lines(PING, HOST, 'X A: b')),
  bad('an empty name', lines(PING, HOST, ': b')),
  bad('a line without a colon', lines(PING, HOST, 'X-A')),
  bad('a byte above ASCII in a name', lines(PING, HOST, 'X-\xc9: b')),
  bad('a parenthesis in a name', lines(PING, HOST, 'X(A): b')),
  bad('quotes around a name', lines(PING, HOST, '"X-A": b')),
  bad('more fields than anybody sends', lines(PING, HOST, ...Array.from({ length: 1000 }, () => 'a:')), 431),
  bad('a head of more than 1 MiB', lines(PING, HOST, `X-A: ${'a'.repeat(1 << 20)}`), 431),
];

const singles: readonly HeadCase[] = [
  bad('no Host', lines(PING, 'Accept: */*')),
  bad('two Hosts', lines(PING, HOST, 'Host: other')),
  bad('two equal Hosts', lines(PING, HOST, HOST)),
  bad('two Hosts in different case', lines(PING, HOST, 'HOST: other')),
  bad('a slash in Host', lines(PING, 'Host: a/b')),
  bad('a space in Host', lines(PING, 'Host: a b')),
  bad('a byte above ASCII in Host', lines(PING, 'Host: caf\xe9')),
  bad(
    'two Content-Types',
    lines(CREATE, HOST, 'Content-Length: 2', 'Content-Type: application/json', 'Content-Type: text/plain'),
  ),
  bad(
    'a dotted capital I in Content-Type',
    lines(CREATE, HOST, 'Content-Length: 2', 'Content-Type: appl\xc4\xb0cation/json'),
  ),
  bad(
    'a no-break space in Content-Type',
    lines(CREATE, HOST, 'Content-Length: 2', 'Content-Type: \xa0application/json'),
  ),
  bad('two Content-Encodings', lines(CREATE, HOST, 'Content-Encoding: a', 'Content-Encoding: b')),
  bad('two Upgrades', lines('POST /grpc HTTP/1.1', HOST, 'Upgrade: h2c', 'Upgrade: tcp')),
  bad('two Expects', lines(CREATE, HOST, 'Content-Length: 2', 'Expect: 100-continue', 'Expect: 100-continue')),
  bad('another expectation', lines(CREATE, HOST, 'Content-Length: 2', 'Expect: 200-ok'), 417),
  bad('a list of expectations', lines(CREATE, HOST, 'Content-Length: 2', 'Expect: 100-continue, x'), 417),
  bad('an empty expectation', lines(CREATE, HOST, 'Content-Length: 2', 'Expect:'), 417),
  bad('a Connection that names Host', lines(PING, HOST, 'Connection: close, Host')),
  bad('a Connection that names Content-Length', lines(CREATE, HOST, 'Content-Length: 2', 'Connection: content-length')),
  bad('a Connection that names Content-Type', lines(CREATE, HOST, 'Content-Length: 2', 'Connection: content-type')),
  bad('a Connection that is no list of tokens', lines(PING, HOST, 'Connection: "close"')),
];

const framings: readonly HeadCase[] = [
  bad('length and coding', lines(CREATE, HOST, 'Content-Length: 5', 'Transfer-Encoding: chunked')),
  bad('coding and length', lines(CREATE, HOST, 'Transfer-Encoding: chunked', 'Content-Length: 5')),
  bad('two lengths', lines(CREATE, HOST, 'Content-Length: 2', 'Content-Length: 3')),
  bad('two equal lengths', lines(CREATE, HOST, 'Content-Length: 2', 'Content-Length: 2')),
  bad('a list of lengths', lines(CREATE, HOST, 'Content-Length: 2, 2')),
  bad('a plus sign', lines(CREATE, HOST, 'Content-Length: +2')),
  bad('a minus sign', lines(CREATE, HOST, 'Content-Length: -2')),
  bad('a hexadecimal length', lines(CREATE, HOST, 'Content-Length: 0x2')),
  bad('a length with a fraction', lines(CREATE, HOST, 'Content-Length: 2.0')),
  bad('a length with an exponent', lines(CREATE, HOST, 'Content-Length: 2e1')),
  bad('a length with an underscore', lines(CREATE, HOST, 'Content-Length: 1_0')),
  bad('a length with a space', lines(CREATE, HOST, 'Content-Length: 2 2')),
  bad('an empty length', lines(CREATE, HOST, 'Content-Length:')),
  bad('a length with a no-break space', lines(CREATE, HOST, 'Content-Length: 2\xa0')),
  bad('a length of 16 digits', lines(CREATE, HOST, 'Content-Length: 1000000000000000'), 413),
  bad('two codings', lines(CREATE, HOST, 'Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')),
  bad('a listed coding', lines(CREATE, HOST, 'Transfer-Encoding: gzip, chunked')),
  bad('a doubled coding', lines(CREATE, HOST, 'Transfer-Encoding: chunked, chunked')),
  bad('an unknown coding', lines(CREATE, HOST, 'Transfer-Encoding: identity')),
  bad('an almost known coding', lines(CREATE, HOST, 'Transfer-Encoding: xchunked')),
  bad('a coding with a parameter', lines(CREATE, HOST, 'Transfer-Encoding: chunked;q=1')),
  bad('a quoted coding', lines(CREATE, HOST, 'Transfer-Encoding: "chunked"')),
  bad('an empty coding', lines(CREATE, HOST, 'Transfer-Encoding:')),
];

const targets: readonly HeadCase[] = [
  ...[
    '/',
    '/_ping',
    '/v1.43/_ping',
    '/v1.43/',
    '/v1.24/containers/json?all=1',
    '/version',
    '/volumes',
    '/v',
    '/%70ush',
    '/%761.43/_ping',
    '/v1.43%2F_ping',
    '/images/a%2Fb%3Alatest/json',
    '/images/a/b:latest@sha256:00/json',
    '/images/caf%C3%A9/json',
    '/images/a%20b/json',
    '/images/a%3Fb/json',
    '/images/a%252Fb/json',
    '/images/a+b/json',
    '/images/.../json',
    '/images/.hidden/json',
    '/containers/json/',
    '/containers/{x}|^`"<>/json',
    '/containers/json?',
    '/containers/json?a',
    '/containers/json?a=1&a=2&&b=%26+c',
    '/containers/json?filters={"status":["running"]}',
    '/containers/x/archive?path=C:\\x%0Ay/../..//z',
  ].map(goodTarget),
  ...[
    '//_ping',
    '/containers//json',
    '/containers/%2Fjson',
    '/containers/%2F%2Fjson',
    '/./_ping',
    '/../_ping',
    '/containers/..',
    '/containers/.',
    '/containers/%2e%2e/json',
    '/containers%2F..%2Fjson',
    '/containers/x%2F%2E/json',
    '/containers\\json',
    '/containers%5Cjson',
    '/containers#json',
    '/containers%23json',
    '/containers/json?a#b',
    '/containers/%',
    '/containers/%4',
    '/containers/%zz',
    '/containers/%z1',
    '/containers/%1z',
    '/containers/%z0%9F%98%80',
    '/containers/%u0041',
    '/containers/%00',
    '/containers/a%0Ab',
    '/containers/a%0D%0Ab',
    '/containers/%7F',
    '/containers/%C2%85',
    '/containers/%E2%80%A8',
    '/containers/%E2%80%A9',
    '/containers/%FF',
    '/containers/%C0%AF',
    '/containers/%C0%AE%C0%AE/json',
    '/containers/%ED%A0%80',
    '/V1.43/_ping',
    '/v1/_ping',
    '/v1./_ping',
    '/v.1/_ping',
    '/v1.2.3/_ping',
    '/v1.43',
    '/v1.43?x',
    '/v01.43/_ping',
    '/v1.043/_ping',
    '/v100.1/_ping',
    '/v1.1000/_ping',
    '/v1.43x/_ping',
    '/v1.43/v1.24/_ping',
    '/containers/json?a;b',
    '/containers/json?a=1;b=2',
    '/containers/json?a=%',
    '/containers/json?%zz=1',
    '/containers/json?a=%00',
    '/containers/json?a=%FF',
  ].map(badTarget),
];

export const HEAD_CORPUS: readonly HeadCase[] = [
  ...clients,
  ...legal,
  ...requestLines,
  ...bytesAndLines,
  ...fieldLines,
  ...singles,
  ...framings,
  ...targets,
];
