import { explained } from '../../../../main/cli/doctor/text.ts';
import type { DockerAnswer, DockerCommand } from '../../../../main/set-up/docker-command.ts';
import type { Machine } from '../../../../main/set-up/machine.ts';
import type { SetUpCheck } from '../../../../shared/ipc/set-up.ts';
import { policyOf } from '../../shared/decision/policy-of.ts';

export const GATE = '/run/lockkeeper/docker.sock';

/** A machine where everything is in order, but for what is given. */
export function machine(given: Partial<Machine> = {}): Machine {
  return {
    env: {},
    home: '/nowhere',
    platform: 'linux',
    docker: async () => ({ kind: 'missing' }),
    gate: GATE,
    endpoint: { kind: 'socket', url: 'unix:///nowhere/docker.sock', path: '/nowhere/docker.sock' },
    version: '1.2.3',
    notRunning: undefined,
    engine: () => ({ reachable: true, version: '28.5.2' }),
    policy: () => policyOf({ images: ['docker:cli'] }),
    userFile: '/home/me/settings.json',
    rawHolders: async () => [],
    beyondLimits: () => ({ gaveWay: 0, turnedAway: 0, tooLarge: 0 }),
    unknownImage: undefined,
    ...given,
  };
}

/** A docker command that knows these contexts, the first of them selected. */
export function dockerWith(contexts: Readonly<Record<string, string>>): DockerCommand {
  return async ([group, command, ...args]): Promise<DockerAnswer> => {
    if (group !== 'context' || command !== 'inspect') throw new Error(`docker ${group} ${command} was not expected`);
    const name = args.find((arg, index) => index > 1 && arg !== '') ?? Object.keys(contexts)[0] ?? '';
    const Host = contexts[name];
    if (Host === undefined) return { kind: 'failed', why: `context "${name}" does not exist` };
    return { kind: 'done', stdout: JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: { Host } } }) };
  };
}

/** A check in short: its state, its finding, and its sentence, in which everything is filled in. */
export async function found(check: Promise<SetUpCheck>): Promise<string> {
  const [one] = await explained([await check]);
  if (one === undefined) throw new Error('there is no check');
  const { state, finding, text } = one;
  if (text.includes('{{') || text.startsWith('setUp.')) throw new Error(`${finding} is not filled in: ${text}`);
  return `${state} ${finding}: ${text}`;
}
