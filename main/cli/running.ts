import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { ControlClient } from '../control/client.ts';
import { controlPath, type DefaultPaths, defaultPaths, socketPathProblem } from '../state/paths.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { complainError } from './output.ts';

/** The option that every command has which asks a running Lockkeeper. */
export interface StateOption {
  readonly state?: string;
}

/** Default paths of whoever calls us. */
export function ownPaths(): DefaultPaths {
  return defaultPaths({ platform: process.platform, env: process.env, home: homedir(), uid: process.getuid?.() });
}

/** The state folder that is meant, absolute. */
export function stateFolder({ state }: StateOption): string {
  return state === undefined ? ownPaths().state : resolve(state);
}

/** Connects to the running Lockkeeper. */
export async function connectRunning(options: StateOption, timeoutMs?: number): Promise<Answer<ControlClient>> {
  const path = controlPath(stateFolder(options), process.platform);
  const problem = socketPathProblem(path, process.platform, 'name a shorter state folder with --state');
  if (problem !== undefined) return { ok: false, error: { name: 'not-running', message: problem } };
  const { connectControl } = await import('../control/client.ts');
  return connectControl({ path, ...(timeoutMs !== undefined && { timeoutMs }) });
}

/** The option of commands that programs read, too. */
export interface JsonOption {
  readonly json?: boolean;
}

/**
 * Connects to the running Lockkeeper, lets `use` ask it and hangs up; says what is wrong when there is none.
 * `timeoutMs` is for questions that registries have to answer.
 */
export async function withRunning(
  options: StateOption & JsonOption,
  use: (client: ControlClient) => Promise<ExitCode>,
  timeoutMs?: number,
): Promise<ExitCode> {
  const connected = await connectRunning(options, timeoutMs);
  if (!connected.ok) {
    complainError(connected.error, options.json);
    return exitCodes.unreachable.code;
  }
  try {
    return await use(connected.value);
  } finally {
    connected.value.close();
  }
}
