import type { EngineEndpoint } from '../engine/endpoint.ts';
import type { DockerCommand } from './docker-command.ts';

/** What the docker command and its like go by, where whoever asks runs them. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder. */
  readonly home: string;
  readonly docker: DockerCommand;
  /** Path of the host gate. */
  readonly gate: string;
  readonly endpoint: EngineEndpoint;
}
