/** How secrets are recognised: by what stands in front of them, or by their own shape. Pieces of regular expressions. */

/** Words that announce a secret wherever they stand in a name. */
export const SECRET_STEMS =
  'passphrase|passcode|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key|signature|cookie|jwt';

/** Words that do so only by themselves, as in DB_PASS, smtp.pw and APP-KEY: a compass and a monkey are no secrets. */
export const SECRET_WORDS = '(?<![a-z])(?:pass|pw|creds?|otp|sas|sig)(?![a-z])|(?<=[-_.])key(?![a-z])';

/**
 * JSON in base64, plain, indented or a list, by what `{"`, `{ "`, `{` and a line end, or `[{"` become: JWT, and
 * `X-Registry-Auth` as clients and shell scripts make it.
 */
const ENCODED_JSON = '(?<![A-Za-z0-9])(?:e(?:y[IJ]|yA[gi]|wo[giJK]|w0K|wk[giJK])|W(?:3s|wo)[giJK])[\\w+/=-]{12}';

/** Tokens of GitHub, GitLab, Docker Hub, swarms, npm, AWS, Vault and Slack, schemes of HTTP, keys: begin, and the rest. */
const TOKENS: readonly (readonly [begin: string, rest: string])[] = [
  ['\\bgh[a-z]_\\w{20}', '\\w*'],
  ['github_pat_', '\\w*'],
  ['glpat-', '[\\w-]*'],
  ['dckr_[a-z]{3}_', '[\\w-]*'],
  ['SWM(?:KEY|TKN)-\\d', '[\\w-]*'],
  ['npm_\\w{30}', '\\w*'],
  ['\\bA[KS]IA[0-9A-Z]{12}', '[0-9A-Z]*'],
  ['\\bhvs\\.\\w{20}', '[\\w-]*'],
  ['xox[a-z]-', '[\\w-]*'],
  ['\\b(?:basic|bearer) [^\\s"\'&;,]{6}', '[^\\s"\'&;,]*'],
  ['-----BEGIN ', '[^"]*'],
];

const shaped = [new RegExp(ENCODED_JSON), new RegExp(TOKENS.map(([begin]) => begin).join('|'), 'i')];
const shapedToItsEnd = [
  new RegExp(`${ENCODED_JSON}[\\w+/=.-]*`, 'g'),
  new RegExp(TOKENS.map(([begin, rest]) => begin + rest).join('|'), 'gi'),
];

/** Whether a text has a secret in it that is known by its shape. */
export function hasShapedSecret(text: string): boolean {
  return shaped.some((shape) => shape.test(text));
}

/** The text with those replaced. */
export function replaceShapedSecrets(text: string, by: string): string {
  return shapedToItsEnd.reduce((rest, shape) => rest.replace(shape, by), text);
}
