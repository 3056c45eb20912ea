/** The grammar of github.com/distribution/reference as one expression, put together from its documentation. */
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const DIGEST = 'sha(?:256:[a-f0-9]{64}|384:[a-f0-9]{96}|512:[a-f0-9]{128})';
const NORMALISED = new RegExp(`^(${HOST})/(${COMPONENT}(?:/${COMPONENT})*)(:\\w[\\w.-]{0,127})?(@${DIGEST})?$`);

/** What the engine takes an image name for, in its normalised form (ParseNormalizedNamed); undefined when for none. */
export function engineReads(text: string): string | undefined {
  const [first = '', ...others] = text.split('/');
  const isHost = others.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = isHost ? first : 'docker.io';
  const hub = domain === 'index.docker.io' || domain === 'registry-1.docker.io' ? 'docker.io' : domain;
  const rest = isHost ? others.join('/') : text;
  const match = NORMALISED.exec(`${hub}/${hub === 'docker.io' && !rest.includes('/') ? 'library/' : ''}${rest}`);
  if (match === null || (match[2] ?? '').length > 255) return undefined;
  if (/^[a-f0-9]{64}$|^sha(256|384|512):[0-9a-f]+$/.test(text)) return undefined;
  return match[0];
}
