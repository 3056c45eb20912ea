import { z } from 'zod';
import { socketUrl } from '../../shared/engine-api/socket-url.ts';
import type { SetUpCheck } from '../../shared/ipc/set-up.ts';
import type { DockerAnswer, DockerCommand } from './docker-command.ts';
import { finding } from './finding.ts';
import { leadsTo } from './leads-to.ts';
import type { Terminal } from './terminal.ts';

/** The context that we create. */
const CONTEXT = 'lockkeeper';
const DEFAULT = 'default';

/** Which engine the docker command speaks to when nothing in its environment says otherwise. */
export async function checkDockerContext({ env, docker, gate }: Terminal): Promise<SetUpCheck> {
  const { DOCKER_HOST: host = '' } = env;
  if (host !== '' && (await leadsTo(host, gate))) return finding('docker-context', 'pass', 'host-decides');
  const current = await inspectContext(docker);
  if (!current.ok) {
    const { problem } = current;
    if (problem === MISSING) return finding('docker-context', 'unknown', 'no-docker', { gate: socketUrl(gate) });
    return finding('docker-context', 'unknown', 'unreadable', { problem });
  }
  const { name: context, endpoint, before } = current;
  if (await leadsTo(endpoint, gate)) {
    return finding('docker-context', 'pass', 'ours', { context, before }, { action: 'leave-context' });
  }
  const command = await commandToOurs(docker, gate, context);
  return finding('docker-context', 'fail', 'other', { context, endpoint }, { action: 'use-context', command });
}

/** What the click does, for a terminal. */
async function commandToOurs(docker: DockerCommand, gate: string, current: string): Promise<string> {
  const use = `docker context use ${CONTEXT}`;
  const own = await inspectContext(docker, CONTEXT);
  if (own.ok && (await leadsTo(own.endpoint, gate))) return use;
  const verb = own.ok ? 'update' : 'create';
  const host = `--docker host=${socketUrl(gate)}`;
  return `docker context ${verb} --description "${described(current)}" ${host} ${CONTEXT} && ${use}`;
}

/** A context as docker describes it; `before` is the one that was selected before ours. */
export type FoundContext =
  | {
      readonly ok: true;
      readonly name: string;
      readonly endpoint: string;
      readonly before: string;
      readonly isOurs: boolean;
    }
  | { readonly ok: false; readonly problem: string };

const MISSING = 'the docker command is not installed';

const inspected = z.object({
  Name: z.string(),
  Metadata: z.object({ Description: z.string().optional() }).nullish(),
  Endpoints: z.object({ docker: z.object({ Host: z.string().optional() }).optional() }),
});

/** Asks docker about a context; without a name about the selected one (`context show` is not in 20.10). */
export async function inspectContext(docker: DockerCommand, name?: string): Promise<FoundContext> {
  const answer = await docker(['context', 'inspect', '--format', '{{json .}}', ...(name === undefined ? [] : [name])]);
  if (answer.kind !== 'done') return { ok: false, problem: problemOf(answer) ?? '' };
  try {
    const { Name, Metadata, Endpoints } = inspected.parse(JSON.parse(answer.stdout));
    const description = Metadata?.Description ?? '';
    const before = DESCRIBED.exec(description)?.[1];
    return {
      ok: true,
      name: Name,
      endpoint: Endpoints.docker?.Host ?? '',
      before: before ?? DEFAULT,
      isOurs: before !== undefined,
    };
  } catch {
    return { ok: false, problem: `docker describes the context as "${answer.stdout.trim().slice(0, 200)}"` };
  }
}

/** The way back is kept where docker keeps the context, so that it goes wherever that goes. */
function described(before: string): string {
  return `Docker through Lockkeeper (before: ${before})`;
}

const DESCRIBED = /^Docker through Lockkeeper \(before: ([\w.+-]+)\)$/;

/** Creates our context, or leads it to this host gate, and selects it. Returns what went wrong, in words. */
export async function selectOurContext({ docker, gate }: Terminal): Promise<string | undefined> {
  const current = await inspectContext(docker);
  if (!current.ok) return current.problem;
  const own = await inspectContext(docker, CONTEXT);
  if (own.ok && !own.isOurs) {
    return `there is a context "${CONTEXT}" that Lockkeeper has not made, which leads to ${own.endpoint}: rename or remove it`;
  }
  const before = current.name === CONTEXT ? current.before : current.name;
  const particulars = ['--description', described(before), '--docker', `host=${socketUrl(gate)}`];
  const made = await docker(['context', own.ok ? 'update' : 'create', ...particulars, CONTEXT]);
  return problemOf(made) ?? problemOf(await docker(['context', 'use', CONTEXT]));
}

/** Selects the context that was selected before ours, which stays for the next time. */
export async function selectFormerContext({ docker }: Terminal): Promise<string | undefined> {
  const own = await inspectContext(docker, CONTEXT);
  const before = own.ok ? own.before : DEFAULT;
  const left = await docker(['context', 'use', before]);
  // It may have been removed meanwhile; the default one never is.
  if (left.kind === 'failed' && before !== DEFAULT) return problemOf(await docker(['context', 'use', DEFAULT]));
  return problemOf(left);
}

function problemOf(answer: DockerAnswer): string | undefined {
  if (answer.kind === 'missing') return MISSING;
  return answer.kind === 'failed' ? answer.why : undefined;
}
