import { STATUS_CODES } from 'node:http';

/** An answer of our own, in the form in which the engine answers errors: `{"message": …}`. */
export interface Answer {
  readonly status: number;
  readonly message: string;
}

/** The bytes of an answer. A HEAD request gets the head alone (RFC 9110 §9.3.2). */
export function answerBytes(answer: Answer, request: { readonly method: string; readonly closes: boolean }): Buffer {
  const body = Buffer.from(`${JSON.stringify({ message: answer.message })}\n`);
  const head =
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Unknown'}\r\n` +
    'Content-Type: application/json\r\n' +
    `Content-Length: ${body.length}\r\n` +
    `${request.closes ? 'Connection: close\r\n' : ''}\r\n`;
  return request.method === 'HEAD' ? Buffer.from(head) : Buffer.concat([Buffer.from(head), body]);
}
