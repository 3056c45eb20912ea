import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { dockerHub } from '../../shared/images/reference-grammar.ts';
import { readFileOnce } from '../settings/file-reading.ts';
import { askHelper } from './credential-helper.ts';

/** The credentials for one registry as the engine takes them, or why there are none. */
export type RegistryAuth =
  | {
      readonly kind: 'found';
      /** Value of `X-Registry-Auth`: URL-safe base64 *with* padding (moby decodes nothing else). */
      readonly header: string;
      /** Where they come from, for messages. */
      readonly source: string;
    }
  | { readonly kind: 'none'; readonly why: string };

export interface CredentialOptions {
  /** The Docker CLI's folder; by default `$DOCKER_CONFIG`, or `.docker` in the home folder. */
  readonly configFolder?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that a credential helper may take. */
  readonly helperTimeoutMs?: number;
}

/** The key of Docker Hub in the CLI's configuration (moby registry.IndexServer). */
const HUB_SERVER = 'https://index.docker.io/v1/';

const authEntry = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});
type AuthEntry = z.infer<typeof authEntry>;

const dockerConfig = z.object({
  auths: z.record(z.string(), authEntry).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type DockerConfig = z.infer<typeof dockerConfig>;

/**
 * Finds the credentials that `docker pull` would use for a registry host: from the helper of that host, else from the
 * helper for all, else from the file itself. What is wrong on the way is a reason, never a failure: the registry may
 * well answer without any.
 */
export async function registryAuth(registryHost: string, options: CredentialOptions = {}): Promise<RegistryAuth> {
  const env = options.env ?? process.env;
  const folder = options.configFolder ?? (env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker'));
  const file = join(folder, 'config.json');
  const config = await readConfig(file);
  if (typeof config === 'string') return { kind: 'none', why: config };
  const server = registryHost === dockerHub ? HUB_SERVER : registryHost;
  const helper = valueFor(config.credHelpers, registryHost) ?? config.credsStore;
  if (helper === undefined || helper === '') {
    return fromFile(valueFor(config.auths, registryHost), server, registryHost, file);
  }
  const limit = options.helperTimeoutMs === undefined ? {} : { timeoutMs: options.helperTimeoutMs };
  const answer = await askHelper(helper, server, { env, ...limit });
  switch (answer.kind) {
    case 'failed':
      return { kind: 'none', why: `${answer.why} (${file} names it for ${registryHost})` };
    case 'none':
      return { kind: 'none', why: `docker-credential-${helper} has none for ${registryHost}` };
    case 'found': {
      // "<token>" as the user name marks an identity token (docker-credential-helpers).
      const { username, secret } = answer;
      const credentials = username === '<token>' ? { identitytoken: secret } : { username, password: secret };
      return {
        kind: 'found',
        header: encode({ ...credentials, serveraddress: server }),
        source: `docker-credential-${helper}`,
      };
    }
  }
}

/**
 * The same for all who want it while it is looked for: questions to one registry come together, and a helper that has
 * somebody unlock a keychain is run once for them. Nothing is kept beyond that.
 */
export function registryCredentials(options: CredentialOptions = {}): (registryHost: string) => Promise<RegistryAuth> {
  const looking = new Map<string, Promise<RegistryAuth>>();
  return (registryHost) => {
    const known = looking.get(registryHost);
    if (known !== undefined) return known;
    const auth = registryAuth(registryHost, options).finally(() => looking.delete(registryHost));
    looking.set(registryHost, auth);
    return auth;
  };
}

/** The file's content, or in words why it says nothing. */
async function readConfig(file: string): Promise<DockerConfig | string> {
  const reading = await readFileOnce(file, { followLinks: true });
  if (reading.kind === 'missing') return `there is no ${file}`;
  if (reading.kind !== 'read') return `${file} ${reading.kind === 'unreadable' ? reading.problem : 'is a link'}`;
  try {
    const parsed = dockerConfig.safeParse(JSON.parse(new TextDecoder().decode(reading.bytes)));
    if (parsed.success) return parsed.data;
    return `${file} is not a configuration of the Docker CLI (see ${parsed.error.issues[0]?.path.join('.') || 'its top level'})`;
  } catch {
    return `${file} is not valid JSON`;
  }
}

/** The value whose key names exactly this host; keys may be URLs, as old versions of the CLI wrote them. */
function valueFor<Value>(record: Readonly<Record<string, Value>> | undefined, host: string): Value | undefined {
  const entries = Object.entries(record ?? {});
  const wanted = host === dockerHub ? [HUB_SERVER, 'index.docker.io', dockerHub] : [host];
  for (const key of wanted) {
    const exact = entries.find(([name]) => name === key);
    if (exact !== undefined) return exact[1];
  }
  return entries.find(([name]) => wanted.includes(hostOf(name)))?.[1];
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}

function fromFile(entry: AuthEntry | undefined, server: string, host: string, file: string): RegistryAuth {
  const none = { kind: 'none', why: `${file} has none for ${host}` } as const;
  if (entry === undefined) return none;
  const { identitytoken, registrytoken } = entry;
  const pair = entry.auth ? decodePair(entry.auth) : { username: entry.username, password: entry.password };
  if (pair === undefined)
    return { kind: 'none', why: `the "auth" of ${host} in ${file} is not base64 of NAME:PASSWORD` };
  if (identitytoken) {
    const { username } = pair;
    return { kind: 'found', header: encode({ username, identitytoken, serveraddress: server }), source: file };
  }
  if (registrytoken) return { kind: 'found', header: encode({ registrytoken, serveraddress: server }), source: file };
  if (!pair.username || !pair.password) return none;
  return { kind: 'found', header: encode({ ...pair, serveraddress: server }), source: file };
}

function decodePair(auth: string): { readonly username: string; readonly password: string } | undefined {
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  // Old versions of the CLI padded the password with NULs (docker/cli decodeAuth).
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/\0+$/, '') };
}

function encode(credentials: Readonly<Record<string, string | undefined>>): string {
  return Buffer.from(JSON.stringify(credentials)).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
}
