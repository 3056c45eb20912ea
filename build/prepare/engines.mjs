import { mkdirSync, symlinkSync } from 'node:fs';
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

/**
 * Unpacks other Docker engines beside the system, each with a folder `bin` that goes first in its PATH.
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
}

function complete(root, version) {
  const bin = join(dirname(root), 'bin');
  mkdirSync(bin);
  // Relative links: the folder is renamed when it is ready.
  for (const program of PROGRAMS) symlinkSync(join('../root', program), join(bin, program.split('/').at(-1)));
  const said = run(join(bin, 'dockerd'), ['--version']);
  if (!said.startsWith(`Docker version ${version}.`)) throw new Unprepared(`it has another release now: ${said}`);
  run(join(bin, 'containerd'), ['--version']);
}
