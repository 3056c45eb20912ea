/** What keeps a registry from telling what it has: its name, and what it means with what to do. */
export const troubles = {
  'engine-away': {
    name: 'Engine away',
    words: 'The engine that asks the registry does not answer. Start it; the registry is asked then.',
  },
  'engine-cannot-ask': {
    name: 'Engine cannot ask',
    words: 'The engine has no way to ask registries. List the image by its digest, which needs none.',
  },
  'name-unknown': {
    name: 'Name not found',
    words:
      'DNS has no address for a name on the way to the registry. Check how it is spelled, and the DNS of the machine where the engine runs.',
  },
  proxy: {
    name: 'Proxy in the way',
    words:
      'The proxy on the way to the registry does not let the engine through. Check the engine’s HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and whether the proxy runs.',
  },
  unreached: {
    name: 'Registry not reached',
    words: 'Nobody answers at the registry’s address. Check that it runs, and the engine’s network.',
  },
  'cut-off': {
    name: 'Connection cut',
    words:
      'The connection ended before the registry had answered. If it stays so, look at what lies between the engine and it.',
  },
  silent: {
    name: 'No answer in time',
    words: 'The registry took too long. If it stays so, look at what lies between the engine and it.',
  },
  'issuer-unknown': {
    name: 'TLS: issuer unknown',
    words:
      'The engine does not trust the registry’s TLS certificate, since it does not know the issuer. Put the certificate of the CA into /etc/docker/certs.d/REGISTRY/ca.crt where the engine runs.',
  },
  'certificate-expired': {
    name: 'TLS: certificate expired',
    words:
      'The registry’s TLS certificate has expired, or is not valid yet. Have it renewed, and check the clock where the engine runs.',
  },
  'certificate-misnamed': {
    name: 'TLS: other name',
    words:
      'The registry’s TLS certificate is for another name. List the image under that name, or have one issued for this name.',
  },
  'no-tls': {
    name: 'No TLS',
    words:
      'The registry speaks HTTP where the engine expects TLS. Set up TLS there; with "insecure-registries" the engine does without, and anybody on the way can forge answers.',
  },
  'tls-failed': {
    name: 'TLS failed',
    words:
      'The engine and the registry find no common ground in TLS. Check its TLS settings, and the client certificate in /etc/docker/certs.d where the engine runs.',
  },
  'login-missing': {
    name: 'Login needed',
    words: 'The registry wants credentials and there are none. Log in as the user that Lockkeeper runs as.',
  },
  'login-refused': {
    name: 'Login refused',
    words: 'The registry does not accept the credentials. Log in again as the user that Lockkeeper runs as.',
  },
  forbidden: {
    name: 'No right to pull',
    words: 'The registry does not let this account read the image. Ask its owner, or log in with another account.',
  },
  'rate-limited': {
    name: 'Too many questions',
    words:
      'The registry takes no more questions for now and is left alone until then. At many registries a login raises the limit.',
  },
  'out-of-order': {
    name: 'Registry out of order',
    words: 'The registry was reached and answers with an error of its own. It is asked again by itself.',
  },
  redirects: {
    name: 'Redirects lead nowhere',
    words: 'The registry sends from one address to the next. Look at the load balancer or proxy in front of it.',
  },
  'no-registry': {
    name: 'Not a registry',
    words: 'What answers is no registry. Check how it is spelled, and whether the network shows a login page instead.',
  },
  'wrong-digest': {
    name: 'Wrong digest',
    words: 'The registry answers with a wrong digest, or without one. Look at the cache or proxy in front of it.',
  },
  other: { name: 'Registry not asked', words: 'The registry could not be asked. It is asked again by itself.' },
};
