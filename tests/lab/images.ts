import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dockerCli } from './clients.ts';
import type { FileEntry, Files } from './layer.ts';
import { type ImageContent, publishImage, type StoreOf } from './storage.ts';

const SHELL = { Cmd: ['sh'], Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] };

/** Publishes what the offline Hub has from the start. */
export async function publishStandardImages(storeOf: StoreOf): Promise<void> {
  for (const [reference, content] of Object.entries(standardImages())) {
    await publishImage(storeOf, reference, content);
  }
}

/** What no registry has ever had. It shares no layer with any published image: derived from none. */
export function maliciousImage(): ImageContent {
  return { files: { ...busybox(), '/etc/malicious': 'yes\n' }, config: SHELL };
}

function standardImages(): Readonly<Record<string, ImageContent>> {
  return {
    'alpine:latest': { files: busybox(), config: SHELL, otherArchitectures: ['riscv64'] },
    'busybox:latest': { from: 'alpine:latest', files: { '/etc/busybox': 'busybox\n' } },
    'docker:cli': { from: 'alpine:latest', files: dockerAndCurl(), otherArchitectures: ['riscv64'] },
    'localstack/localstack:4.2': {
      from: 'docker:cli',
      files: { '/etc/localstack': '4.2\n' },
      config: { ExposedPorts: { '4566/tcp': {} } },
    },
    'testcontainers/ryuk:0.11': {
      from: 'docker:cli',
      files: { '/bin/ryuk': script(RYUK), '/bin/ryuk-session': script(RYUK_SESSION) },
      config: { Cmd: ['/bin/ryuk'], ExposedPorts: { '8080/tcp': {} } },
    },
  };
}

/** Laid out as Alpine does it: /var/run is a link to /run, and every applet a link to busybox. */
function busybox(): Files {
  const source = '/bin/busybox';
  if (!existsSync(source)) throw new Error(`${source} is missing: run "node build/prepare.mjs engine"`);
  const applets = spawnSync(source, ['--list'], { encoding: 'utf8' }).stdout.split('\n');
  const links = applets.filter((name) => name !== '' && name !== 'busybox');
  return {
    ...program(source, '/bin/busybox'),
    ...Object.fromEntries(links.map((name) => [`/bin/${name}`, { symlink: 'busybox' }])),
    '/usr/bin/env': { symlink: '/bin/busybox' },
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:user:/home/user:/bin/sh\n',
    '/etc/group': 'root:x:0:\nuser:x:1000:\n',
    '/root': { directory: true, mode: 0o700 },
    '/home/user': { directory: true },
    '/tmp': { directory: true, mode: 0o1777 },
    '/run': { directory: true },
    '/var': { directory: true },
    '/var/run': { symlink: '../run' },
  };
}

/** curl besides the client: attacks and raw requests need a program that speaks HTTP over a Unix socket. */
function dockerAndCurl(): Files {
  return { ...program(dockerCli().newest, '/usr/local/bin/docker'), ...program('/usr/bin/curl', '/usr/bin/curl') };
}

/** A program of this machine with the libraries it needs, at the paths where its loader looks for them. */
function program(source: string, target: string): Files {
  const { stdout } = spawnSync('ldd', [source], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
  const libraries = stdout.match(/(?<=\s)\/\S+(?= \()/g) ?? [];
  return { ...Object.fromEntries(libraries.map((path) => [path, executable(path)])), [target]: executable(source) };
}

function executable(path: string): FileEntry {
  return { content: readFileSync(path), mode: 0o755 };
}

function script(text: string): FileEntry {
  return { content: text, mode: 0o755 };
}

/** What Testcontainers expects of Ryuk: port 8080, a line "Started" in the log, an ACK for each filter line. */
const RYUK = `#!/bin/sh
echo 'Started!'
exec nc -ll -p 8080 -e /bin/ryuk-session
`;

/** When the connection ends, the containers that match a filter go ("label=a=b&label=c=d" are one filter's terms). */
const RYUK_SESSION = `#!/bin/sh
filters=''
while read -r line; do
  filters="$filters $line"
  echo ACK
done
for filter in $filters; do
  found=$(docker ps --all --quiet --filter $(echo "$filter" | sed 's/&/ --filter /g'))
  [ -z "$found" ] || docker rm --force --volumes $found >/dev/null
done
`;
