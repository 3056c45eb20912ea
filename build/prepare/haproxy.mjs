import { existsSync } from 'node:fs';
import { withoutStartingServices } from './engine.mjs';
import { run, say, Unprepared } from './step.mjs';

/** Installs the proxy that the bench compares with, where it is missing. It is not started, now or at the next boot. */
export function haproxy() {
  if (existsSync('/usr/sbin/haproxy')) return;
  if (!existsSync('/usr/bin/apt-get')) throw new Unprepared('The bench needs /usr/sbin/haproxy.', 3);
  if (process.getuid() !== 0) {
    throw new Unprepared('The bench needs haproxy. As root:\n  apt-get install -y --no-install-recommends haproxy', 3);
  }
  say('installing haproxy');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const patient = ['-o', 'DPkg::Lock::Timeout=120'];
  withoutStartingServices(() => {
    run('apt-get', [...patient, 'update'], { env });
    run('apt-get', [...patient, 'install', '-y', '--no-install-recommends', 'haproxy'], { env });
    if (existsSync('/usr/bin/systemctl')) run('systemctl', ['--quiet', 'disable', 'haproxy.service']);
  });
}
