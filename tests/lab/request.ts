import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ApiRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON when it is not a string. */
  readonly body?: unknown;
}

/** One request to an engine, or to what stands in front of one, over a Unix socket. */
export function request(socketPath: string, path: string, options: ApiRequest = {}): Promise<ApiAnswer> {
  const { method = 'GET', body } = options;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ socketPath, path, method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}
