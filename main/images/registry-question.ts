import type { RegistryTrouble } from '../../shared/images/registry-trouble.ts';
import { type EngineClient, EngineError } from '../engine/engine-client.ts';
import type { RegistryAuth } from './registry-credentials.ts';
import { plainFailure, readFailure } from './registry-failure.ts';

/** A repository of a registry, both normalised as in ImageReference. */
export interface Repository {
  readonly registry: string;
  readonly path: string;
}

/** A registry that has not told what it has. */
export interface RegistryFailure {
  /**
   * What it means for the next question. `unasked`: the engine did not ask. `away`: the registry was not reached.
   * `denied`: it wants other credentials. `limited`: it wants to be left alone. `broken`: it was reached and is out of
   * order.
   */
  readonly kind: 'unasked' | 'away' | 'denied' | 'limited' | 'broken';
  readonly trouble: RegistryTrouble;
  /** A clause that names the registry. */
  readonly why: string;
  /** A clause that says what to do about it. */
  readonly cure: string;
  /** How long it wants to be left alone, where it has said so: milliseconds. */
  readonly toldWaitMs?: number;
}

/** What came of one question to a registry. */
export type RegistryAnswer =
  | { readonly kind: 'digest'; readonly digest: string }
  /** The registry has no such tag or digest. `why` is a clause that names the registry. */
  | { readonly kind: 'absent'; readonly why: string }
  | RegistryFailure;

export interface AskingDeps {
  readonly engine: Pick<EngineClient, 'distribution'>;
  readonly credentials: (registryHost: string) => Promise<RegistryAuth>;
}

export function isFailure(answer: RegistryAnswer): answer is RegistryFailure {
  return answer.kind !== 'digest' && answer.kind !== 'absent';
}

/** Why there is no digest, with what to do about it. */
export function inWords(answer: Exclude<RegistryAnswer, { kind: 'digest' }>): string {
  return answer.kind === 'absent' ? answer.why : `${answer.why}; ${answer.cure}`;
}

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
    if (!(error instanceof EngineError)) return plainFailure(of, 'other', String(error));
    return isAbsent(error) ? absent(of, suffix) : readFailure(of, error, auth);
  }
}

function readDigest(of: Repository, suffix: string, digest: unknown): RegistryAnswer {
  if (typeof digest !== 'string' || !/^[a-z0-9]+:[0-9a-f]{32,128}$/.test(digest)) {
    return plainFailure(of, 'wrong-digest', 'there is none');
  }
  if (suffix.startsWith('@') && suffix !== `@${digest}`) {
    return plainFailure(of, 'wrong-digest', `asked for ${suffix.slice(1)}, it has ${digest}`);
  }
  return { kind: 'digest', digest };
}

/** But an engine without this route knows nothing about the registry. */
function isAbsent({ status, message }: EngineError): boolean {
  return status === 404 && !/page not found|^\(HTTP code 404\)|^Path \S+ is not supported$/i.test(message);
}

function absent({ registry, path }: Repository, suffix: string): RegistryAnswer {
  const what = suffix.startsWith('@') ? 'an image with this digest' : `the tag ${suffix.slice(1)}`;
  return { kind: 'absent', why: `${registry} does not have ${what} in ${path}` };
}
