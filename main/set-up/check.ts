import { type CheckName, checkNames, type SetUpCheck } from '../../shared/ipc/set-up.ts';
import { checkBlockedMount } from './blocked-mount.ts';
import { checkDockerContext } from './docker-context.ts';
import { checkDockerGroup } from './docker-group.ts';
import { checkDockerHost } from './docker-host.ts';
import { checkEngine } from './engine.ts';
import { checkEngineOnTcp } from './engine-on-tcp.ts';
import { checkLimits } from './limits.ts';
import { checkLockkeeper } from './lockkeeper.ts';
import type { Machine } from './machine.ts';
import { checkPolicy } from './policy.ts';
import { checkRawSockets } from './raw-sockets.ts';
import type { Terminal } from './terminal.ts';
import { checkTestcontainers } from './testcontainers.ts';
import { checkVersions } from './versions.ts';

/** What depends on whose terminal it is. */
const terminalChecks = {
  'docker-context': checkDockerContext,
  'docker-host': checkDockerHost,
  testcontainers: checkTestcontainers,
} satisfies Partial<Record<CheckName, (terminal: Terminal) => Promise<SetUpCheck>>>;

const checks: Readonly<Record<CheckName, (machine: Machine) => Promise<SetUpCheck>>> = {
  ...terminalChecks,
  lockkeeper: checkLockkeeper,
  engine: checkEngine,
  policy: checkPolicy,
  'blocked-mount': checkBlockedMount,
  'raw-sockets': checkRawSockets,
  'docker-group': (machine) => checkDockerGroup(machine),
  'engine-on-tcp': checkEngineOnTcp,
  limits: checkLimits,
  versions: checkVersions,
};

/** Looks at everything that could be set up wrongly; changes nothing. */
export function checkSetUp(machine: Machine): Promise<SetUpCheck[]> {
  return Promise.all(checkNames.map((name) => checks[name](machine)));
}

/** Looks again at what depends on the terminal, and puts that in the place of what was found elsewhere. */
export async function checkTerminal(terminal: Terminal, elsewhere: readonly SetUpCheck[]): Promise<SetUpCheck[]> {
  const here = await Promise.all(Object.values(terminalChecks).map((check) => check(terminal)));
  return elsewhere.map((one) => here.find(({ check }) => check === one.check) ?? one);
}
