import type { PolicyState } from '../../shared/policy/policy.ts';
import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { DockerCommand } from './docker-command.ts';

/** What the checks may look at. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Version of this program. */
  readonly version: string;
  readonly endpoint: EngineEndpoint;
  /** The host gate, as DOCKER_HOST names it. */
  readonly gateUrl: string;
  readonly engine: () => { readonly reachable: boolean; readonly version?: string; readonly detail?: string };
  readonly policy: () => PolicyState;
  /** Where a user's settings would be written. */
  readonly userFile: string;
  /** Names of the containers that hold the engine's own socket. Rejects when the engine cannot be asked. */
  readonly rawHolders: () => Promise<readonly string[]>;
  readonly docker: DockerCommand;
}
