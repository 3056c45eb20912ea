import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { withoutStartingServices } from './debian-packages.mjs';
import { run, say, Unprepared } from './step.mjs';

/** What the tests' own Docker engine is made of: program, and the Debian package that has it. */
const PROGRAMS = [
  ['dockerd', 'docker.io'],
  ['docker-registry', 'docker-registry'],
  ['ip', 'iproute2'],
  ['iptables', 'iptables'],
  ['busybox', 'busybox-static'],
  ['curl', 'curl'],
  ['openssl', 'openssl'],
  ['nsenter', 'util-linux'],
];
const FOLDERS = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/bin'];

/** Installs the packages of the tests' engine where they are missing. Nothing is started, now or at the next boot. */
export function engine() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (process.platform !== 'linux') {
    throw new Unprepared('The tests start a Docker engine of their own, which needs Linux.', 3);
  }
  if (!existsSync('/etc/debian_version') || !isThere('apt-get')) {
    throw new Unprepared(
      `The tests' Docker engine needs these programs, as Debian names them: ${missing.join(' ')}`,
      3,
    );
  }
  if (process.getuid() !== 0) {
    const install = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
    throw new Unprepared(
      `Packages are missing for the tests' Docker engine. As root:\n  apt-get update\n  ${install}`,
      3,
    );
  }
  say(`installing ${missing.join(' ')}`);
  install();
}

function missingPackages() {
  const missing = PROGRAMS.filter(([program]) => !isThere(program)).map(([, name]) => name);
  // Up to Debian 12 the client came with docker.io; since 13 it is a package of its own.
  if (!isThere('docker') && (isThere('dockerd') || isKnown('docker-cli'))) missing.push('docker-cli');
  return missing;
}

function install() {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=120'];
  run('apt-get', [...patient, 'update'], { env });
  // Which packages there are is known only now, on a machine whose lists were empty.
  const packages = missingPackages();
  withoutStartingServices(() => {
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...packages], { env });
    // The packages enable their services for the next boot; this machine asked for an engine for tests only.
    const services = ['docker.service', 'docker.socket', 'containerd.service', 'docker-registry.service'];
    const installed = services.filter((name) => existsSync(join('/lib/systemd/system', name)));
    if (isThere('systemctl') && packages.includes('docker.io')) run('systemctl', ['--quiet', 'disable', ...installed]);
  });
}

function isKnown(name) {
  return isThere('apt-cache') && run('apt-cache', ['search', '--names-only', `^${name}$`]).trim() !== '';
}

function isThere(program) {
  return FOLDERS.some((folder) => existsSync(join(folder, program)));
}
