import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run, Unprepared } from './step.mjs';
import { cached, unpackBeside } from './suite.mjs';

/** Engine releases that Debian has besides the one of this machine, and the suite of each. */
const ENGINES = [
  ['26.1', 'trixie'],
  ['28.5', 'forky'],
];

/** The programs of an engine but runc and docker-init, which the system has: their runc needs a newer C library. */
const PROGRAMS = [
  'usr/sbin/dockerd',
  'usr/sbin/docker-proxy',
  'usr/bin/containerd',
  'usr/bin/containerd-shim-runc-v2',
  'usr/bin/ctr',
];

/** Podman with what it starts, and the libraries that not every machine has; the system's runc runs the containers. */
const PODMAN = {
  version: 'podman-4.3',
  suite: 'bookworm',
  packages: [
    'podman',
    'conmon',
    'catatonit',
    'netavark',
    'libsubid4',
    'libgpgme11',
    'libassuan0',
    'libdevmapper1.02.1',
  ],
  programs: [
    'usr/bin/podman',
    'usr/bin/conmon',
    'usr/bin/catatonit',
    'usr/lib/podman/netavark',
    'usr/lib/podman/rootlessport',
  ],
};

/**
 * Unpacks other engines beside the system, each with a folder `bin` that goes first in its PATH.
 * tests/lab/engines.ts looks for them.
 */
export function engines() {
  for (const [version, suite] of ENGINES) {
    unpackBeside({
      what: `Docker engine ${version}`,
      folder: cached(`engines/${version}`),
      suites: [suite],
      packages: ['docker.io', 'containerd'],
      complete: (root) => complete(root, version),
    });
  }
  unpackBeside({
    what: 'Podman 4.3',
    folder: cached(`engines/${PODMAN.version}`),
    suites: [PODMAN.suite],
    packages: PODMAN.packages,
    complete: completePodman,
  });
}

function completePodman(root) {
  const bin = linkPrograms(root, PODMAN.programs);
  const [libraries] = readdirSync(join(root, 'usr/lib')).filter((name) => name.endsWith('-linux-gnu'));
  const lib = join(dirname(root), 'lib');
  symlinkSync(join('root/usr/lib', libraries), lib);
  const said = run(join(bin, 'podman'), ['--version'], { env: { LD_LIBRARY_PATH: lib } });
  if (!said.startsWith('podman version 4.3.')) throw new Unprepared(`it has another release now: ${said}`);
}

/** Relative links: the folder is renamed when it is ready. */
function linkPrograms(root, programs) {
  const bin = join(dirname(root), 'bin');
  mkdirSync(bin);
  for (const program of programs) symlinkSync(join('../root', program), join(bin, program.split('/').at(-1)));
  return bin;
}

function complete(root, version) {
  const bin = linkPrograms(root, PROGRAMS);
  const said = run(join(bin, 'dockerd'), ['--version']);
  if (!said.startsWith(`Docker version ${version}.`)) throw new Unprepared(`it has another release now: ${said}`);
  run(join(bin, 'containerd'), ['--version']);
}
