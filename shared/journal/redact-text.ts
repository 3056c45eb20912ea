import { REDACTED, redactPath, redactUserinfo } from './redact.ts';
import { replaceShapedSecrets, SECRET_STEMS, SECRET_WORDS } from './secret-words.ts';

/** Names that announce a secret. `unauthorized:` and `authentication required` announce none. */
const NAME = `(?:passw(?:or)?d|${SECRET_STEMS}|authorization|registry-(?:auth|config)|xregistryauth|(?<![a-z])auth|${SECRET_WORDS})[\\w-]{0,40}`;

/** What stands between name and value in JSON, headers and assignments; `my-token:1.2` is an image and has none of it. */
const BETWEEN =
  '(?:[\\\\"\'\\]]{1,8}\\s{0,4}[:=]\\s{0,4}|\\s{0,4}=\\s{0,4}|:\\s{1,4}|%3[ad])(?:(?:basic|bearer)\\s{1,4})?';

/** In quotes to the quote's end, otherwise to the next space or separator. */
const VALUE = `\\[redacted\\]|\\\\{0,4}"[^"\\\\]*\\\\{0,4}"?|'[^']*'?|[^\\s&;,"'<>)}\\]\\\\]+`;

/** Every repetition is bounded or ends at something that it cannot contain, hence linear. */
const namedSecret = new RegExp(`(${NAME}${BETWEEN})(?:${VALUE})`, 'gi');

/** Headers whose whole value is a secret, with or without a space behind the colon. */
const secretHeader = /\b((?:x-registry-(?:auth|config)|(?:proxy-)?authorization|(?:set-)?cookie):)\s{0,4}[^\r\n"]+/gi;

const QUOTED_PATH = 'docker command "';
const AFTER_PATH = '" is blocked';

/**
 * A text for people (the sentence a client was given, an error, a stack) without secrets: userinfo in URLs, what
 * stands behind a name that announces a secret, tokens of known shapes, and the query of a path that a refusal quotes
 * (`docker command "/v1.43/build?…" is blocked`). Redacting a redacted text changes nothing.
 */
export function redactText(text: string): string {
  const start = text.indexOf(QUOTED_PATH);
  const end = text.lastIndexOf(AFTER_PATH);
  const from = start + QUOTED_PATH.length;
  if (start === -1 || end < from) {
    return redactWords(text);
  }
  return redactWords(text.slice(0, from)) + redactPath(text.slice(from, end)) + redactWords(text.slice(end));
}

/** Sentences about a head: what they quote may come from anywhere in it, since it could not be split. */
const aboutHead =
  /\brequest (?:line|target)\b|\bheader\b|\b(?:Host|Expect|Connection|Content-Length|Transfer-Encoding) "/;

/**
 * The sentence about a request that could not be read. It quotes pieces of that request which nobody could place, such
 * as a header line without a colon; those go, and elsewhere those that might hold a secret, and bare words of a body.
 */
export function redactMalformed(text: string): string {
  const first = text.indexOf('"');
  const last = text.lastIndexOf('"');
  const hides = first < last && (aboutHead.test(text) || mayHoldSecret(text.slice(first + 1, last)));
  const quoted = hides ? `${text.slice(0, first + 1)}${REDACTED}${text.slice(last)}` : text;
  return redactText(
    quoted
      .replace(/\bthere is (?!a comma |the byte )[^\s"]{1,64} where\b/, `there is ${REDACTED} where`)
      .replace(/[^\s"]{1,64} is not a JSON number/, `${REDACTED} is not a JSON number`),
  );
}

/** A name of an image: tags and words like `token:1.2` are none of a secret's business, userinfo and tokens are. */
export function redactName(name: string): string {
  return replaceShapedSecrets(redactUserinfo(name), REDACTED);
}

function mayHoldSecret(words: string): boolean {
  return (
    /passw|secret|token|credential|key|auth|cookie|basic|bearer/i.test(words) ||
    words.includes('@') ||
    redactWords(words) !== words
  );
}

function redactWords(text: string): string {
  const named = redactUserinfo(text).replace(secretHeader, `$1 ${REDACTED}`).replace(namedSecret, `$1${REDACTED}`);
  return replaceShapedSecrets(named, REDACTED);
}
