import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './step.mjs';
import { cached, unpackBeside } from './suite.mjs';

/** Pure Python, all of it: what docker-compose 1.29 and its tests import. */
const MODULES = [
  'attr',
  'certifi',
  'chardet',
  'charset-normalizer',
  'ddt',
  'distro',
  'docker',
  'dockerpty',
  'docopt',
  'dotenv',
  'idna',
  'iniconfig',
  'jsonschema',
  'more-itertools',
  'packaging',
  'pkg-resources',
  'pluggy',
  'py',
  'pyrsistent',
  'pytest',
  'requests',
  'six',
  'texttable',
  'urllib3',
  'websocket',
  'yaml',
];

/**
 * Unpacks docker-compose 1.29 (the last one in Python) with its own integration tests, and what they import. It runs
 * on the system's Python, which is of the same release on Debian 12.
 */
export function composeSuite() {
  unpackBeside({
    what: 'docker-compose 1.29 with its tests',
    folder: cached('compose-suite'),
    suites: ['bookworm'],
    packages: MODULES.map((name) => `python3-${name}`),
    source: 'docker-compose',
    complete(root) {
      const bin = join(dirname(root), 'bin');
      mkdirSync(bin);
      // Some of the tests call it by its name.
      const script = '#!/bin/sh\nexec /usr/bin/python3 -m compose "$@"\n';
      writeFileSync(join(bin, 'docker-compose'), script, { mode: 0o755 });
      const env = { PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'), PYTHONDONTWRITEBYTECODE: '1' };
      const collect = ['-m', 'pytest', '-q', '--collect-only', '-p', 'no:cacheprovider', 'tests/integration'];
      // The tests make their client when they are collected, but ask it nothing.
      run('/usr/bin/python3', collect, { env, cwd: join(dirname(root), 'source') });
    },
  });
}
