import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { run, say, Unprepared } from './step.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** Why packages cannot be installed here, in words; undefined when they can. */
export function installObstacle(packages) {
  if (!existsSync('/usr/bin/apt-get')) return `the machine needs ${packages.join(' ')}, as Debian names it`;
  if (process.getuid() !== 0) return `as root: apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  return undefined;
}

/** Installs Debian packages; what they bring is not started, now or at the next boot. */
export function installPackages(packages, services = []) {
  say(`installing ${packages.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=120'];
  withoutStartingServices(() => {
    run('apt-get', [...patient, 'update'], { env });
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', ...packages], { env });
    if (services.length > 0 && existsSync('/usr/bin/systemctl')) run('systemctl', ['--quiet', 'disable', ...services]);
  });
}

/** Installs what only some tests need; where that does not work, it says in one line what there is not, and why. */
export function installOptional(what, packages) {
  const obstacle = installObstacle(packages);
  if (obstacle !== undefined) return say(`no ${what}: ${obstacle}`);
  try {
    installPackages(packages);
  } catch (error) {
    if (!(error instanceof Unprepared)) throw error;
    say(`no ${what}: ${error.message}`);
  }
}

/** Debian's maintainer scripts ask policy-rc.d before they start a service; 101 forbids it (invoke-rc.d(8)). */
export function withoutStartingServices(work) {
  const hold = () => undefined;
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const ours = !existsSync(POLICY);
  // An interrupt ends apt-get first and then us, after the file has gone.
  for (const signal of signals) process.on(signal, hold);
  try {
    if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    work();
  } finally {
    if (ours) rmSync(POLICY, { force: true });
    for (const signal of signals) process.off(signal, hold);
  }
}
