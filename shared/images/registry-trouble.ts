/** Why a registry has not told what it has. The names are part of what views and `--json` show: they are never renamed. */
export const registryTroubles = [
  // the question did not leave the engine
  'engine-away',
  'engine-cannot-ask',
  'name-unknown',
  'proxy',
  // nobody answered
  'unreached',
  'cut-off',
  'silent',
  // TLS
  'issuer-unknown',
  'certificate-expired',
  'certificate-misnamed',
  'no-tls',
  'tls-failed',
  // it answered that it does not tell
  'login-missing',
  'login-refused',
  'forbidden',
  'rate-limited',
  // it answered nonsense
  'out-of-order',
  'redirects',
  'no-registry',
  'wrong-digest',
  // none of these
  'other',
] as const;

export type RegistryTrouble = (typeof registryTroubles)[number];

export interface TroubleWords {
  /** A clause that follows the registry's name. */
  readonly what: string;
  /** A clause that says what to do. */
  readonly cure: string;
  /** A clause for "its digest could not be confirmed because …". */
  readonly because: string;
}

const NOT_REACHED = 'the registry could not be reached';
const NO_TLS = 'the engine does not trust the TLS connection to the registry';
const NO_LOGIN = 'the registry wants credentials';
const BROKEN = 'the registry is out of order';

/** A trouble in words that fit into messages and logs; `registry` is its host as references have it. */
export function troubleWords(trouble: RegistryTrouble, registry: string): TroubleWords {
  const login = `run: docker login ${registry}`;
  const words = {
    'engine-away': {
      what: 'could not be asked, since the engine does not answer',
      cure: 'start the engine, and try again',
      because: 'the engine that asks the registry does not answer',
    },
    'engine-cannot-ask': {
      what: 'could not be asked, since the engine does not answer GET /distribution',
      cure: 'list the image by its digest (lockkeeper pin), which needs no registry',
      because: 'the engine cannot ask the registry',
    },
    'name-unknown': {
      what: 'could not be reached, since DNS has no address for a name on the way to it',
      cure: 'check how the registry is spelled, and the DNS of the machine where the engine runs',
      because: NOT_REACHED,
    },
    proxy: {
      what: 'could not be reached, since the proxy on the way to it does not let the engine through',
      cure: 'check HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the engine, and whether the proxy runs',
      because: NOT_REACHED,
    },
    unreached: {
      what: 'could not be reached',
      cure: 'check that it runs and that the machine where the engine runs gets there',
      because: NOT_REACHED,
    },
    'cut-off': {
      what: 'could not be reached, since the connection ended before the answer',
      cure: 'try again; if it stays so, look at what lies between the engine and it',
      because: NOT_REACHED,
    },
    silent: {
      what: 'gave no answer in time',
      cure: 'try again; if it stays so, look at what lies between the engine and it',
      because: NOT_REACHED,
    },
    'issuer-unknown': {
      what: 'has a TLS certificate that the engine does not trust, since it does not know the issuer',
      cure: `put the certificate of its CA where the engine runs, as /etc/docker/certs.d/${registry}/ca.crt`,
      because: NO_TLS,
    },
    'certificate-expired': {
      what: 'has a TLS certificate that has expired, or is not valid yet',
      cure: 'have the certificate renewed, and check the clock where the engine runs',
      because: NO_TLS,
    },
    'certificate-misnamed': {
      what: 'has a TLS certificate that is for another name',
      cure: 'list and pull the image under the name that the certificate is for, or have one issued for this name',
      because: NO_TLS,
    },
    'no-tls': {
      what: 'speaks HTTP where the engine expects TLS',
      cure: `set up TLS there, or accept that anybody on the way can forge its answers: "insecure-registries": ["${registry}"] in the engine's daemon.json`,
      because: NO_TLS,
    },
    'tls-failed': {
      what: 'and the engine find no common ground in TLS',
      cure: `check the TLS settings there, and the client certificate in /etc/docker/certs.d/${registry} where the engine runs`,
      because: NO_TLS,
    },
    'login-missing': { what: 'wants credentials', cure: login, because: NO_LOGIN },
    'login-refused': {
      what: 'does not accept the credentials',
      cure: login,
      because: 'the registry does not accept the credentials',
    },
    forbidden: {
      what: 'does not let this account read the image',
      cure: `ask its owner for the right to pull; for another account ${login}`,
      because: 'the registry does not let this account read the image',
    },
    'rate-limited': {
      what: 'takes no more questions for now',
      cure: `try again later; where a login raises the limit, ${login}`,
      because: 'the registry takes no more questions for now',
    },
    'out-of-order': { what: 'is out of order', cure: 'try again when it works', because: BROKEN },
    redirects: {
      what: 'is out of order: its redirects lead nowhere',
      cure: 'look at the load balancer or proxy in front of it',
      because: BROKEN,
    },
    'no-registry': {
      what: 'does not answer like a registry',
      cure: 'check how it is spelled, and whether the network shows a login page instead',
      because: 'what answers is no registry',
    },
    'wrong-digest': {
      what: 'answered with a wrong digest, or without one',
      cure: 'look at the cache or proxy in front of it',
      because: 'the registry answers with a wrong digest',
    },
    other: { what: 'could not be asked', cure: 'try again', because: 'the registry could not be asked' },
  } as const satisfies Readonly<Record<RegistryTrouble, TroubleWords>>;
  return words[trouble];
}
