/** A request as attacks write it down. */
export interface AttackRequest {
  readonly method: string;
  /** With its query, percent-encoded as it is to be sent. */
  readonly path: string;
  /** Sent as JSON; a text is sent as it stands, since some attacks are made of what JSON.stringify never writes. */
  readonly json?: unknown;
  /** Any other body, as application/x-tar. */
  readonly tar?: Uint8Array;
  readonly fields?: readonly string[];
}

/** An answer, with its framing taken off. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export function bodyOf({ json, tar }: AttackRequest): Buffer | undefined {
  if (tar !== undefined) return Buffer.from(tar);
  if (json === undefined) return undefined;
  if (json instanceof Uint8Array) return Buffer.from(json);
  return Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
}

/** The ordinary spelling of a request. The connection ends with its answer, so that there is no question when that ends. */
export function spelled(request: AttackRequest): Buffer {
  return Buffer.concat([headOf(request), bodyOf(request) ?? Buffer.alloc(0)]);
}

export function headOf(request: AttackRequest): Buffer {
  const body = bodyOf(request);
  const type = request.tar === undefined ? 'application/json' : 'application/x-tar';
  const lines = [
    `${request.method} ${request.path} HTTP/1.1`,
    'Host: docker',
    ...(body === undefined ? [] : [`Content-Type: ${type}`, `Content-Length: ${body.length}`]),
    ...(request.fields ?? ['Connection: close']),
  ];
  return head(lines);
}

/** A head from its lines. */
export function head(lines: readonly string[]): Buffer {
  return Buffer.from([...lines, '', ''].join('\r\n'), 'latin1');
}

/** Reads the first final answer out of all that a connection said; status 0 for none. */
export function firstAnswer(said: string): Answer {
  const match = /^HTTP\/1\.[01] (\d{3})[^\r\n]*\r\n([\s\S]*?)\r\n\r\n/.exec(said);
  if (match === null) return { status: 0, text: said };
  const [whole, status, fields] = match;
  const rest = said.slice(whole.length);
  if (status === '100') return firstAnswer(rest);
  const chunked = /^transfer-encoding:\s*chunked/im.test(fields ?? '');
  const length = /^content-length:\s*(\d+)/im.exec(fields ?? '')?.[1];
  const body = chunked ? unchunked(rest) : length === undefined ? rest : rest.slice(0, Number(length));
  return { status: Number(status), text: Buffer.from(body, 'latin1').toString('utf8') };
}

function unchunked(framed: string): string {
  let body = '';
  for (let at = 0; ; ) {
    const lineEnd = framed.indexOf('\r\n', at);
    const size = Number.parseInt(framed.slice(at, lineEnd), 16);
    if (lineEnd === -1 || !(size > 0)) return body;
    body += framed.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
}
