import type { SetUpCheck } from '../../shared/ipc/set-up.ts';
import type { DockerAnswer } from './docker-command.ts';
import { finding } from './finding.ts';
import type { Machine } from './machine.ts';

/** The context that we create; one of that name is ours to change. */
const CONTEXT = 'lockkeeper';

/** Which engine the docker command speaks to when nothing in its environment says otherwise. */
export async function checkDockerContext({ docker, gateUrl }: Machine): Promise<SetUpCheck> {
  // Without a name it is the context in use, in all versions; `context show` is not in 20.10.
  const inspected = await docker(['context', 'inspect', '--format', '{{.Name}}\n{{.Endpoints.docker.Host}}']);
  if (inspected.kind === 'missing') return finding('docker-context', 'unknown', 'no-docker');
  if (inspected.kind === 'failed')
    return finding('docker-context', 'unknown', 'unreadable', { problem: inspected.why });
  const [context = '', endpoint = ''] = inspected.stdout.trim().split('\n');
  if (endpoint === gateUrl) {
    return finding('docker-context', 'pass', 'ours', { context }, { action: 'leave-context' });
  }
  return finding('docker-context', 'fail', 'other', { context, endpoint }, { action: 'use-context' });
}

/** Creates our context, or leads it to this host gate, and selects it. Returns what went wrong, in words. */
export async function useContext({ docker, gateUrl }: Machine): Promise<string | undefined> {
  const endpoint = ['--docker', `host=${gateUrl}`];
  const exists = (await docker(['context', 'inspect', CONTEXT])).kind === 'done';
  const description = ['--description', 'Docker through Lockkeeper'];
  const made = await docker(['context', exists ? 'update' : 'create', ...description, ...endpoint, CONTEXT]);
  return problemOf(made) ?? problemOf(await docker(['context', 'use', CONTEXT]));
}

/** Selects the context that docker has by itself. Ours stays, for the next time. */
export async function leaveContext({ docker }: Machine): Promise<string | undefined> {
  return problemOf(await docker(['context', 'use', 'default']));
}

function problemOf(answer: DockerAnswer): string | undefined {
  if (answer.kind === 'missing') return 'the docker command is not installed';
  return answer.kind === 'failed' ? answer.why : undefined;
}
