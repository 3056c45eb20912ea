import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Authority, certificateAuthority } from './certificates.ts';
import { runOrThrow, SYSTEM_PATH } from './command.ts';
import { type RegistryAccess, registryDaemon, storageOf } from './registry.ts';
import { type RegistryFront, registryFront } from './registry-front.ts';
import { type TokenAccount, tokenServer } from './token-server.ts';

const DOMAIN = 'lab.test';
/** Documentation addresses (RFC 5737) on the loopback of the lab's network: 127.0.0.0/8 counts as safe to the engine. */
const ADDRESSES = { tls: '192.0.2.1', plain: '192.0.2.2', refusing: '192.0.2.3' } as const;

/** Registries beside the Hub, by what is special about them; all have the same content, over TLS of the lab's own CA. */
export const OTHER_REGISTRIES = {
  /** Nothing is. */
  open: `open.${DOMAIN}`,
  /** Wants a user name and a password (htpasswd). */
  htpasswd: `htpasswd.${DOMAIN}`,
  /** Wants a token of a token server, which wants a password or an identity token. */
  token: `token.${DOMAIN}`,
  /** The engine does not know who issued its certificate. */
  stranger: `stranger.${DOMAIN}`,
  /** Its certificate has expired. */
  expired: `expired.${DOMAIN}`,
  /** Its certificate is for another name. */
  misnamed: `misnamed.${DOMAIN}`,
  /** Speaks HTTP where TLS is expected. */
  plain: `plain.${DOMAIN}`,
  /** Nothing listens there. */
  refusing: `refusing.${DOMAIN}`,
  /** Has no address. */
  nameless: `nameless.${DOMAIN}`,
  /** Is reached by a proxy, and nothing listens where that should be. */
  proxied: 'proxied.test',
} as const;

export const ACCOUNT = { username: 'lab', password: 'open sesame', identityToken: 'an-identity-token' } as const;
const HTPASSWD = 'lab:$2b$04$xyPVKKmJGl6p0oKE6EJPO.SJ0RSDqBG/TWUf0wS3d37CnNoQGhQUC';

export interface OtherRegistries {
  readonly front: RegistryFront;
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): void;
}

export const OTHER_REGISTRIES_ENVIRONMENT = {
  HTTPS_PROXY: 'http://127.0.0.1:3128',
  NO_PROXY: `127.0.0.1,.${DOMAIN},docker.io,.docker.io`,
} as const;

export function isOnOtherRegistry(reference: string): boolean {
  return Object.values(OTHER_REGISTRIES).some((host) => reference.startsWith(`${host}/`));
}

export function otherRegistriesFolder(labFolder: string): string {
  return join(labFolder, 'others');
}

/** A folder to be mounted over /etc/docker, and a hosts file, where the engine runs. */
export function etcFolder(labFolder: string): string {
  return join(otherRegistriesFolder(labFolder), 'etc');
}

/** Before the engine starts: addresses, certificates, what the engine trusts. */
export async function otherRegistries(netns: string, labFolder: string, hubStorage: string): Promise<OtherRegistries> {
  const folder = otherRegistriesFolder(labFolder);
  for (const address of Object.values(ADDRESSES)) {
    await runOrThrow('ip', ['-n', netns, 'address', 'add', `${address}/32`, 'dev', 'lo'], { env: SYSTEM_PATH });
  }
  mkdirSync(folder, { recursive: true });
  const authority = await certificateAuthority(folder, 'lab');
  const { open, htpasswd, token, expired, misnamed, stranger, plain } = OTHER_REGISTRIES;
  writeEtc(labFolder, authority, [open, htpasswd, token, expired, misnamed]);
  const good = await authority.issue([`*.${DOMAIN}`]);
  const signer = await authority.issue(['signer']);
  writeFileSync(join(folder, 'signers.crt'), `${authority.cert}${signer.cert}`);
  const tokens = tokenServer(token, signer, ACCOUNT satisfies TokenAccount);
  const registries = [
    registry(netns, folder, 'open', hubStorage),
    registry(netns, folder, 'htpasswd', hubStorage, { htpasswd: HTPASSWD }),
    registry(netns, folder, 'token', hubStorage, {
      token: { realm: `https://${token}/token`, issuer: token, signers: join(folder, 'signers.crt') },
    }),
  ];
  const socket = (name: string) => socketOf(folder, name);
  const ordinary = { certificate: good, registry: socket('open') };
  const front = await registryFront({
    netns,
    address: ADDRESSES.tls,
    plainAddress: ADDRESSES.plain,
    hosts: {
      [open]: ordinary,
      [stranger]: ordinary,
      [plain]: ordinary,
      [expired]: { ...ordinary, certificate: await authority.issue([`*.${DOMAIN}`], 'past') },
      [misnamed]: { ...ordinary, certificate: await authority.issue(['somebody-else.test']) },
      [htpasswd]: { certificate: good, registry: socket('htpasswd') },
      [token]: {
        certificate: good,
        registry: socket('token'),
        own: { path: '/token', answer: (request, response) => tokens.answer(request, response) },
      },
    },
  });
  return {
    front,
    start: async () => void (await Promise.all(registries.map((one) => one.start()))),
    stop: async () => void (await Promise.all(registries.map((one) => one.stop()))),
    close: () => front.stop(),
  };
}

function registry(netns: string, folder: string, name: string, hubStorage: string, access: RegistryAccess = {}) {
  const own = join(folder, name);
  const content = storageOf(folder);
  const blobs = join(content, 'docker/registry/v2/blobs');
  mkdirSync(dirname(blobs), { recursive: true });
  link(join(hubStorage, 'docker/registry/v2/blobs'), blobs);
  mkdirSync(own, { recursive: true });
  // One content for all, so that they differ in nothing but the way to it.
  link(content, storageOf(own));
  return registryDaemon({ netns, folder: own, listen: { socket: socketOf(folder, name) }, ...access });
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function socketOf(folder: string, name: string): string {
  return join(folder, `${name}.sock`);
}

function writeEtc(labFolder: string, authority: Authority, trusting: readonly string[]): void {
  const etc = etcFolder(labFolder);
  for (const host of trusting) {
    const certs = join(etc, 'docker/certs.d', host);
    mkdirSync(certs, { recursive: true });
    writeFileSync(join(certs, 'ca.crt'), authority.cert);
  }
  const { nameless, proxied, plain, refusing, ...others } = OTHER_REGISTRIES;
  const lines = [
    '127.0.0.1 localhost',
    `${ADDRESSES.plain} ${plain}`,
    `${ADDRESSES.refusing} ${refusing}`,
    ...Object.values(others).map((host) => `${ADDRESSES.tls} ${host}`),
  ];
  writeFileSync(join(etc, 'hosts'), `${lines.join('\n')}\n`);
}
