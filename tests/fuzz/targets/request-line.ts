import { posix } from 'node:path';
import { unescape as unescapeQuery } from 'node:querystring';
import fc from 'fast-check';
import { identifyOperation } from '../../../shared/engine-api/operation.ts';
import { routes } from '../../../shared/engine-api/routes.ts';
import { parseRequestTarget, type RequestTarget, spellTarget } from '../../../shared/http/request-target.ts';
import { HEAD_CORPUS } from '../../unit/shared/http/head-corpus.ts';
import { firstRoute } from '../readers/first-route.ts';
import { holds, same, type Target } from '../target.ts';

/** The query as `&`, the first `=` and Node's own decoder make it out. */
function queryPairs(rawQuery: string): readonly { name: string; value: string }[] {
  return rawQuery
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const [name = '', ...value] = piece.replaceAll('+', '%20').split('=');
      return { name: unescapeQuery(name), value: unescapeQuery(value.join('=')) };
    });
}

/** Our own spelling is read back as the same target, and everything in it decodes as other readers decode it. */
export function checkTarget(target: RequestTarget): void {
  const spelled = spellTarget(target);
  holds(`the spelling ${spelled} is not visible ASCII`, /^[!-~]+$/.test(spelled));
  const again = parseRequestTarget(spelled);
  holds(`our own spelling ${spelled} is not read`, again.ok);
  if (!again.ok) return;
  const meaning = ({ version, path, query, rawQuery }: RequestTarget) => [version, path, query, rawQuery];
  same('our own spelling is read otherwise', meaning(again.target), meaning(target));
  same('the spelling is not stable', spellTarget(again.target), spelled);
  const { version, path, rawPath, rawQuery, query } = target;
  const whole = `${version === undefined ? '' : `/v${version}`}${path}`;
  same('the engine would redirect to', posix.normalize(path), path);
  same('the path as sent decodes otherwise', decodeURIComponent(rawPath), whole);
  same('the path as spelled decodes otherwise', decodeURIComponent(spelled.split('?')[0] ?? ''), whole);
  same('the query decodes otherwise', query, queryPairs(rawQuery ?? ''));
}

/** The route is the first of the engine's that matches, and the same for our own spelling. */
export function checkRoute(method: string, target: RequestTarget): void {
  const operation = identifyOperation(method, target);
  const refined: Record<string, string> = {
    ImagePull: 'ImageCreate',
    ImageImport: 'ImageCreate',
    ImageBuildWithBuildKit: 'ImageBuild',
  };
  same('the route', refined[operation.id] ?? operation.id, firstRoute(method, target.path)?.id ?? 'Unknown');
  const again = parseRequestTarget(spellTarget(target));
  if (again.ok) same('the operation as spelled', identifyOperation(method, again.target).id, operation.id);
  for (const value of Object.values(operation.params))
    holds('a variable is not of the path', target.path.includes(value));
}

/** `METHOD TARGET`; without a space it is all target. */
function check(input: Uint8Array): void {
  const line = Buffer.from(input).toString('latin1');
  const space = line.indexOf(' ');
  const parsed = parseRequestTarget(line.slice(space + 1));
  if (!parsed.ok) return;
  checkTarget(parsed.target);
  checkRoute(space < 0 ? 'GET' : line.slice(0, space), parsed.target);
}

const segment = fc.oneof(
  fc.constantFrom(
    'containers',
    'images',
    'json',
    'push',
    'create',
    'start',
    'get',
    '%2F',
    '%2e',
    '%25',
    '%2541',
    'a+b',
    '%C3%A9',
    '%E2%80%A9',
    '~',
    '%3f',
    '{x}',
    '%70ush',
    'reg%3A5000',
    'v1.43',
    '',
    '..',
    '%FF',
    '%00',
    '%',
  ),
  fc.string({ maxLength: 4 }).map(encodeURIComponent),
);
const byRoute = fc
  .tuple(fc.constantFrom(...routes), fc.array(segment, { minLength: 1, maxLength: 3 }))
  .map(([{ method, pattern }, names]) => `${method} /v1.43${pattern.replace(/\{[^}]+\}/g, names.join('/'))}`);
const query = fc.constantFrom(
  '',
  '?',
  '?a=1',
  '?a=%26&b=+',
  '?fromImage=alpine&tag=3',
  '?version=2',
  '?a;b',
  '?a=%',
  '?=&&=',
);
const free = fc
  .tuple(fc.constantFrom('GET', 'POST', 'DELETE', 'PUT', 'HEAD', 'OPTIONS', 'get'), fc.array(segment, { maxLength: 5 }))
  .map(([method, names]) => `${method} /${names.join('/')}`);

/** Request lines without their version: of the engine's routes with odd names in them, of anything, and of the corpus. */
export const requestLines = fc.oneof(
  fc.tuple(fc.oneof(byRoute, free), query).map((parts) => parts.join('')),
  fc.constantFrom(
    ...HEAD_CORPUS.filter(({ id }) => id.startsWith('target ')).map(({ id }) => `GET ${id.slice('target '.length)}`),
  ),
);

/** Every printable character with its escape. */
const ESCAPED = Array.from({ length: 0x5e }, (_, at) => `%${(at + 0x21).toString(16).toUpperCase()}`);

export const requestLine: Target = {
  name: 'request-line',
  files: ['shared/http/', 'shared/engine-api/operation.ts'],
  words: [
    ...ESCAPED,
    'GET ',
    'POST ',
    'DELETE ',
    'HEAD ',
    '/',
    '%2F',
    '%2f',
    '%25',
    '%2E',
    '..',
    '//',
    '?',
    '&',
    '=',
    '+',
    ';',
    '#',
    '%',
    '%00',
    '%0A',
    '%E2%80%A8',
    '%C0%AF',
    '/v1.43',
    '/v01.2',
    '/V1',
    '/containers/',
    '/images/',
    '/json',
    '/push',
    '/create',
    '/checkpoints/',
    '/exec/',
    '/start',
    '/archive',
    'fromImage=a',
    'version=2',
    '/grpc',
    '/plugins/',
    '/distribution/',
    '\\',
    '%5C',
    '{',
    '*',
  ],
  inputs: requestLines.map((line) => Uint8Array.from(Buffer.from(line, 'latin1'))),
  longest: 500,
  mostBlocksPerByte: 120,
  check,
};
