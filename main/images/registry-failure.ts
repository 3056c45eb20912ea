import { type RegistryTrouble, troubleWords } from '../../shared/images/registry-trouble.ts';
import type { EngineError } from '../engine/engine-client.ts';
import type { RegistryAuth } from './registry-credentials.ts';
import type { RegistryFailure, Repository } from './registry-question.ts';
import { toldWaitMs } from './told-wait.ts';

/** How each trouble is gone about: see BACK_OFF in question-pace. */
const KINDS: Readonly<Record<RegistryTrouble, RegistryFailure['kind']>> = {
  'engine-away': 'unasked',
  'engine-cannot-ask': 'unasked',
  'name-unknown': 'away',
  proxy: 'away',
  unreached: 'away',
  'cut-off': 'away',
  silent: 'away',
  'issuer-unknown': 'away',
  'certificate-expired': 'away',
  'certificate-misnamed': 'away',
  'no-tls': 'away',
  'tls-failed': 'away',
  'login-missing': 'denied',
  'login-refused': 'denied',
  forbidden: 'denied',
  'rate-limited': 'limited',
  'out-of-order': 'broken',
  redirects: 'broken',
  'no-registry': 'broken',
  'wrong-digest': 'broken',
  other: 'away',
};

/**
 * What tells the troubles apart in the engine's words, the surest first. They are Go's and distribution's own, and the
 * same in engines from 20.10 to 28.5 with either image store, but where two forms stand here.
 */
const SIGNS: readonly (readonly [RegistryTrouble, RegExp])[] = [
  ['rate-limited', /\btoomanyrequests\b|\b429 Too Many Requests\b|parsing HTTP 429 response/i],
  // The second form is Go's for a CONNECT that was refused: the status line's words and nothing else.
  [
    'proxy',
    /\bproxyconnect\b|": (?:Proxy Authentication Required|Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout)$/,
  ],
  ['certificate-expired', /x509: certificate has expired/],
  [
    'certificate-misnamed',
    /x509: (?:certificate is (?:not )?valid for|cannot validate certificate for|certificate relies on)/,
  ],
  ['issuer-unknown', /x509: certificate signed by unknown authority|x509: certificate is not trusted/],
  ['no-tls', /server gave HTTP response to HTTPS client/],
  ['name-unknown', /\blookup [^\s:]+(?: on \S+)?: /],
  ['silent', /TLS handshake timeout|i\/o timeout|Client\.Timeout|deadline exceeded|timeout awaiting|no answer within/i],
  ['tls-failed', /\bx509: |\btls: /],
  ['redirects', /stopped after \d+ redirects|missing Location header/],
  ['no-registry', /parsing HTTP (?!5|40[13])\d+ response|unmarshalling content|empty Content-Type|^unknown: /i],
  ['wrong-digest', /invalid checksum digest|unsupported digest/i],
  ['out-of-order', /unexpected HTTP status: 5\d\d|unexpected status[^:]*: 5\d\d|parsing HTTP 5\d\d response/i],
  ['unreached', /connection refused|no route to host|network is unreachable|host is down/i],
  ['cut-off', /\bEOF\b|connection reset|broken pipe|server closed/i],
];

const DENIED =
  /\bunauthorized\b|no basic auth credentials|authentication required|\bdenied: |^denied$|parsing HTTP 40[13] response/i;

/**
 * The engine passes a registry's status on when it came in the registry's own JSON, and makes a 500 of everything else
 * (moby httpstatus.FromError), also of missing credentials: there only its words tell.
 */
export function readFailure(of: Repository, error: EngineError, auth: RegistryAuth): RegistryFailure {
  const trouble = troubleOf(error, auth);
  const { what, cure } = troubleWords(trouble, of.registry);
  const told = trouble === 'rate-limited' ? toldWaitMs(error.message) : undefined;
  return {
    kind: KINDS[trouble],
    trouble,
    why: `${of.registry} ${what}${ownWords(trouble, error, auth)}`,
    cure,
    ...(told !== undefined && { toldWaitMs: told }),
  };
}

/** A trouble that needs no words of the engine. */
export function plainFailure({ registry }: Repository, trouble: RegistryTrouble, words?: string): RegistryFailure {
  const { what, cure } = troubleWords(trouble, registry);
  const added = words === undefined ? '' : ` (${clause(words)})`;
  return { kind: KINDS[trouble], trouble, why: `${registry} ${what}${added}`, cure };
}

function troubleOf({ status, message }: EngineError, auth: RegistryAuth): RegistryTrouble {
  if (status === undefined) return /no answer within/.test(message) ? 'silent' : 'engine-away';
  if (status === 404) return 'engine-cannot-ask';
  if (status === 429) return 'rate-limited';
  const sign = SIGNS.find(([, words]) => words.test(message))?.[0];
  const isDenied = status === 401 || status === 403 || (sign === undefined && DENIED.test(message));
  if (!isDenied) return sign ?? 'other';
  if (auth.kind === 'none') return 'login-missing';
  return status === 403 || /\bdenied\b|HTTP 403/i.test(message) ? 'forbidden' : 'login-refused';
}

/** The words in parentheses: the engine's own, or what is known of the credentials. */
function ownWords(trouble: RegistryTrouble, { message }: EngineError, auth: RegistryAuth): string {
  if (trouble === 'engine-cannot-ask') return '';
  if (trouble === 'login-missing') return auth.kind === 'none' ? `, and ${auth.why}` : '';
  if (trouble === 'login-refused') return auth.kind === 'found' ? ` from ${auth.source}` : '';
  return ` (${clause(message)})`;
}

/** A clause of bounded length on one line, for what the engine reports of a registry's answer. */
const MOST_WORDS = 300;

function clause(words: string): string {
  const line = words.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}
