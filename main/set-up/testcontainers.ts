import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** Where Testcontainers looks before DOCKER_HOST, in its environment and in its properties file. */
const VARIABLES = ['TESTCONTAINERS_HOST_OVERRIDE', 'TESTCONTAINERS_DOCKER_SOCKET_OVERRIDE'];
const PROPERTIES = ['docker.host', 'tc.host', 'docker.socket.override'];
const FILE = '.testcontainers.properties';

export async function checkTestcontainers({ env, home, gateUrl }: Machine) {
  const properties = readProperties(await readFile(join(home, FILE), 'utf8').catch(() => ''));
  const set = [
    ...VARIABLES.map((name) => [name, env[name]] as const),
    ...PROPERTIES.map((name) => [`${name} (~/${FILE})`, properties.get(name)] as const),
  ];
  // A socket path without a scheme is what the container is given, which may well be the gate's.
  const past = set.find(([, value]) => value !== undefined && value !== '' && !gateUrl.endsWith(value));
  if (past === undefined) return finding('testcontainers', 'pass', 'clear');
  return finding('testcontainers', 'warn', 'other', { name: past[0], value: past[1] ?? '', wanted: gateUrl });
}

/** The plain part of java.util.Properties: `key=value` or `key: value`, a line each. */
function readProperties(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*[#!]/.test(line));
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^\s*([^\s=:]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value.replaceAll('\\:', ':')] as const];
    }),
  );
}
