import { existsSync } from 'node:fs';
import { installObstacle, installPackages } from './debian-packages.mjs';
import { Unprepared } from './step.mjs';

const PACKAGES = ['haproxy'];

/** Installs the proxy that the bench compares with, where it is missing. */
export function haproxy() {
  if (existsSync('/usr/sbin/haproxy')) return;
  const obstacle = installObstacle(PACKAGES);
  if (obstacle !== undefined) throw new Unprepared(`The bench needs haproxy: ${obstacle}`, 3);
  installPackages(PACKAGES, ['haproxy.service']);
}
