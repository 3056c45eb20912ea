import { join } from 'node:path';
import { run } from './step.mjs';
import { cached, unpackBeside } from './suite.mjs';

/** Unpacks a newer docker client with buildx and compose beside the system. tests/lab/clients.ts looks for it. */
export function peers() {
  unpackBeside({
    what: 'newer docker client with buildx and compose',
    folder: cached('peers'),
    // Newest first; the clients of each run on Debian 12's C library too.
    suites: ['forky', 'trixie'],
    packages: ['docker-cli', 'docker-buildx', 'docker-compose'],
    // A newer suite's programs may need a newer C library than this machine's: only what starts here counts.
    complete(root) {
      run(join(root, 'usr/bin/docker'), ['--version']);
      for (const plugin of ['docker-buildx', 'docker-compose']) {
        run(join(root, 'usr/libexec/docker/cli-plugins', plugin), ['version']);
      }
    },
  });
}
