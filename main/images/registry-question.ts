import { type EngineClient, EngineError } from '../engine/engine-client.ts';
import type { RegistryAuth } from './registry-credentials.ts';

/** A repository of a registry, both normalised as in ImageReference. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/** What came of one question to a registry. `why` is a clause that names the registry. */
export type RegistryAnswer =
  | { readonly kind: 'digest'; readonly digest: string }
  /** The registry has no such tag or digest. */
  | { readonly kind: 'absent'; readonly why: string }
  /** It does not tell us: credentials are missing or wrong. */
  | { readonly kind: 'denied'; readonly why: string }
  /** It wants to be left alone for a while. */
  | { readonly kind: 'limited'; readonly why: string }
  /** It was reached and is out of order. */
  | { readonly kind: 'broken'; readonly why: string }
  /** It was not reached, or not asked. */
  | { readonly kind: 'away'; readonly why: string };

export interface AskingDeps {
  readonly engine: Pick<EngineClient, 'distribution'>;
  readonly credentials: (registryHost: string) => Promise<RegistryAuth>;
}

/** A clause of bounded length on one line, for what the engine reports of a registry's answer. */
const MOST_WORDS = 300;

/**
 * Asks a registry through the engine for a tag (`:cli`) or a digest (`@sha256:…`) of a repository, so that mirrors,
 * proxies and insecure registries count as they do for `docker pull`. Never rejects.
 */
export async function askRegistry(deps: AskingDeps, of: Repository, suffix: string): Promise<RegistryAnswer> {
  let auth: RegistryAuth = { kind: 'none', why: 'none were looked for' };
  try {
    auth = await deps.credentials(of.registry);
    const reference = `${of.registry}/${of.path}${suffix}`;
    const digest = await deps.engine.distribution(reference, auth.kind === 'found' ? auth.header : undefined);
    return readDigest(of, suffix, digest);
  } catch (error) {
    if (error instanceof EngineError) return readFailure(of, suffix, error, auth);
    return { kind: 'away', why: `${of.registry} could not be asked (${clause(String(error))})` };
  }
}

function readDigest({ registry }: Repository, suffix: string, digest: unknown): RegistryAnswer {
  if (typeof digest !== 'string' || !/^[a-z0-9]+:[0-9a-f]{32,128}$/.test(digest)) {
    return { kind: 'broken', why: `${registry} answered without a digest` };
  }
  if (suffix.startsWith('@') && suffix !== `@${digest}`) {
    return { kind: 'broken', why: `${registry} answered with another digest than it was asked for` };
  }
  return { kind: 'digest', digest };
}

/**
 * The engine passes a registry's status on when it came in the registry's own JSON, and makes a 500 of everything else
 * (moby httpstatus.FromError), also of missing credentials: there only its words tell.
 */
function readFailure(of: Repository, suffix: string, error: EngineError, auth: RegistryAuth): RegistryAnswer {
  const { status } = error;
  const words = clause(error.message);
  const { registry } = of;
  if (status === 404) return absent(of, suffix, words);
  if (status === 429 || /\btoomanyrequests\b|\b429 Too Many Requests\b/i.test(words)) {
    return { kind: 'limited', why: `${registry} takes no more questions for now (${words})` };
  }
  if (status === 401 || status === 403 || DENIED.test(words)) return { kind: 'denied', why: whyDenied(registry, auth) };
  if (/unexpected HTTP status:? 5\d\d|unexpected status[^:]*: 5\d\d/i.test(words)) {
    return { kind: 'broken', why: `${registry} is out of order (${words})` };
  }
  return { kind: 'away', why: `${registry} could not be reached (${words})` };
}

const DENIED = /\bunauthorized\b|no basic auth credentials|authentication required|\bdenied: /i;

function absent({ registry, path }: Repository, suffix: string, words: string): RegistryAnswer {
  // An engine without this route (podman's service) knows nothing about the registry.
  if (/page not found|^\(HTTP code 404\)/i.test(words)) {
    return { kind: 'away', why: `${registry} could not be asked, since the engine does not answer GET /distribution` };
  }
  const what = suffix.startsWith('@') ? 'an image with this digest' : `the tag ${suffix.slice(1)}`;
  return { kind: 'absent', why: `${registry} does not have ${what} in ${path}` };
}

function whyDenied(registry: string, auth: RegistryAuth): string {
  const cure = `run: docker login ${registry}`;
  return auth.kind === 'found'
    ? `${registry} does not accept the credentials from ${auth.source}; ${cure}`
    : `${registry} wants credentials, and ${auth.why}; ${cure}`;
}

function clause(words: string): string {
  const line = words.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}
