import fc from 'fast-check';
import type { Spelling } from '../wire/door.ts';
import { type AttackRequest, bodyOf, head } from '../wire/message.ts';

/** How a request is written: each of these means the same to the engine. */
interface Delivery {
  readonly version: string;
  /** Which bytes of the path are percent-encoded, as a repeating pattern. */
  readonly encoded: readonly boolean[];
  readonly keys: KeySpelling;
  readonly escaped: boolean;
  /** Sizes of chunks, in turns; none for a Content-Length. */
  readonly chunks: readonly number[];
  readonly extension: string;
  readonly fields: readonly string[];
  readonly upperCase: boolean;
}

const keySpellings = ['as-is', 'lower', 'upper', 'folded', 'after-decoy', 'before-decoy'] as const;
type KeySpelling = (typeof keySpellings)[number];

export const deliveries: fc.Arbitrary<Delivery> = fc.record({
  version: fc.constantFrom('', '', '/v1.25', '/v1.30', '/v1.41'),
  encoded: fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
  keys: fc.constantFrom(...keySpellings),
  escaped: fc.boolean(),
  chunks: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
  extension: fc.constantFrom('', '', ';a=b', ';a="b"'),
  fields: fc.subarray([
    'Expect: 100-continue',
    'X-HTTP-Method-Override: GET',
    'Accept-Encoding: identity',
    'User-Agent: x',
  ]),
  upperCase: fc.boolean(),
});

export function spellingOf(delivery: Delivery): Spelling {
  return (request) => {
    const body = request.tar === undefined ? jsonBody(request, delivery) : Buffer.from(request.tar);
    const chunked = body !== undefined && delivery.chunks.length > 0;
    const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body?.length ?? 0}`;
    const type = request.tar === undefined ? 'application/json' : 'application/x-tar';
    const given = request.fields ?? ['Connection: close'];
    const fields = ['Host: docker', `Content-Type: ${type}`, framing, ...delivery.fields, ...given];
    const lines = [
      `${request.method} ${target(request.path, delivery)} HTTP/1.1`,
      ...fields.map((one) => cased(one, delivery)),
    ];
    return Buffer.concat([head(lines), chunked ? inChunks(body, delivery) : (body ?? Buffer.alloc(0))]);
  };
}

function target(path: string, { version, encoded }: Delivery): string {
  const query = path.indexOf('?');
  const end = query === -1 ? path.length : query;
  const versioned = path.startsWith('/v1.') ? '' : version;
  const spelled = path.slice(0, end).replace(/[a-z]/g, (char, at: number) => {
    const isEncoded =
      encoded[at % encoded.length] === true &&
      !path.slice(0, at).endsWith('/v') &&
      path[at - 1] !== '%' &&
      path[at - 2] !== '%';
    return isEncoded ? `%${char.charCodeAt(0).toString(16)}` : char;
  });
  return `${versioned}${spelled}${path.slice(end)}`;
}

function cased(field: string, { upperCase }: Delivery): string {
  const colon = field.indexOf(':');
  return upperCase ? field.slice(0, colon).toUpperCase() + field.slice(colon) : field;
}

function inChunks(body: Buffer, { chunks, extension }: Delivery): Buffer {
  const pieces: Buffer[] = [];
  // The sizes grow, so that an archive is not made of a million chunks.
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const size = Math.min((chunks[turn % chunks.length] ?? 1) * 2 ** Math.min(turn, 16), body.length - at);
    const piece = body.subarray(at, at + size);
    pieces.push(Buffer.from(`${size.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
    at += size;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

function jsonBody(request: AttackRequest, delivery: Delivery): Buffer | undefined {
  const { json } = request;
  if (typeof json !== 'object' || json === null || json instanceof Uint8Array) return bodyOf(request);
  return Buffer.from(spelled(json, delivery));
}

function spelled(value: unknown, delivery: Delivery): string {
  if (Array.isArray(value)) return `[${value.map((item) => spelled(item, delivery)).join(',')}]`;
  if (typeof value === 'string') return text(value, delivery.escaped);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => spelledMember(key, spelled(member, delivery), delivery)).join(',')}}`;
}

/** Only fields of Go's structures are folded; keys of maps are data, and in lower case in all that attacks send. */
function spelledMember(key: string, value: string, { keys, escaped }: Delivery): string {
  const plain = `${text(key, escaped)}:${value}`;
  if (!/^[A-Z]/.test(key)) return plain;
  switch (keys) {
    case 'as-is':
      return plain;
    case 'lower':
      return `${text(key.toLowerCase(), escaped)}:${value}`;
    case 'upper':
      return `${text(key.toUpperCase(), escaped)}:${value}`;
    case 'folded':
      return `${text(key.replaceAll('s', '\u017f').replaceAll('k', '\u212a'), escaped)}:${value}`;
    case 'after-decoy':
      return `${text(key, escaped)}:null,${plain}`;
    case 'before-decoy':
      return `${plain},${text(key.toLowerCase(), escaped)}:null`;
  }
}

function text(value: string, escaped: boolean): string {
  const written = JSON.stringify(value);
  if (!escaped) return written;
  return written.replace(/[e-h]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
