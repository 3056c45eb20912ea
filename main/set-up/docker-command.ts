import { execFile } from 'node:child_process';

export type DockerAnswer =
  | { readonly kind: 'done'; readonly stdout: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly why: string };

/** Runs the docker command of this machine; no shell sees the arguments. */
export type DockerCommand = (args: readonly string[]) => Promise<DockerAnswer>;

const TIMEOUT_MS = 10_000;

/**
 * The docker command as the user's terminal finds it, without what would override the context that it is asked about.
 * The signal ends what is running.
 */
export function dockerCommand(env: Readonly<Record<string, string | undefined>>, signal?: AbortSignal): DockerCommand {
  const { DOCKER_HOST: _host, DOCKER_CONTEXT: _context, ...others } = env;
  return (args) =>
    new Promise((resolve) => {
      const options = { env: others, timeout: TIMEOUT_MS, windowsHide: true, ...(signal !== undefined && { signal }) };
      execFile('docker', args, options, (error, stdout, stderr) => {
        if (error === null) resolve({ kind: 'done', stdout });
        else if (error.code === 'ENOENT') resolve({ kind: 'missing' });
        else resolve({ kind: 'failed', why: stderr.trim() || error.message });
      });
    });
}
