import { type CheckName, checkNames, type SetUpCheck } from '../../shared/ipc/set-up.ts';
import { checkDockerContext } from './docker-context.ts';
import { checkDockerGroup } from './docker-group.ts';
import { checkDockerHost } from './docker-host.ts';
import { checkEngine } from './engine.ts';
import { checkEngineOnTcp } from './engine-on-tcp.ts';
import type { Machine } from './machine.ts';
import { checkPolicy } from './policy.ts';
import { checkRawSockets } from './raw-sockets.ts';
import { checkTestcontainers } from './testcontainers.ts';
import { checkVersions } from './versions.ts';

const checks: Readonly<Record<CheckName, (machine: Machine) => Promise<SetUpCheck>>> = {
  engine: checkEngine,
  policy: checkPolicy,
  'docker-context': checkDockerContext,
  'docker-host': checkDockerHost,
  testcontainers: checkTestcontainers,
  'engine-on-tcp': checkEngineOnTcp,
  'docker-group': checkDockerGroup,
  'raw-sockets': checkRawSockets,
  versions: checkVersions,
};

/** Looks at everything that could be set up wrongly; changes nothing. */
export function checkSetUp(machine: Machine): Promise<SetUpCheck[]> {
  return Promise.all(checkNames.map((name) => checks[name](machine)));
}
