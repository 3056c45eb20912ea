import { homedir } from 'node:os';
import type { Answer, ControlError } from '../../../shared/ipc/contract.ts';
import type { SetUp } from '../../../shared/ipc/set-up.ts';
import type { ControlClient } from '../../control/client.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { complainError, say } from '../output.ts';
import { connectRunning, type JsonOption, type StateOption, stateFolder } from '../running.ts';

export interface DoctorOptions extends StateOption, JsonOption {
  readonly engine?: string;
  readonly settings?: string;
  readonly prove?: boolean;
}

interface Examined extends SetUp {
  /** `running`: the Lockkeeper that runs, and this terminal; `files`: this terminal, the files and the engine. */
  readonly by: 'running' | 'files';
}

/** The docker command, the engine and a registry may each take their time. */
const TIMEOUT_MS = 60_000;

/** `lockkeeper doctor`: what is set up wrongly, and the way out of each. */
export async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const examined = await examine(options);
  if (!examined.ok) {
    complainError(examined.error, options.json);
    return examined.error.name === 'invalid-request' ? exitCodes.usage.code : exitCodes.failed.code;
  }
  const { by, checks, checkedAt } = examined.value;
  const needsAttention = checks.some(({ state }) => state === 'fail');
  const { doctorText, explained } = await import('./text.ts');
  const shown = await explained(checks);
  if (options.json === true) say(JSON.stringify({ by, ok: !needsAttention, checkedAt, checks: shown }, null, 2));
  else say(doctorText(shown));
  return needsAttention ? exitCodes.needsAttention.code : exitCodes.ok.code;
}

async function examine(options: DoctorOptions): Promise<Answer<Examined>> {
  const connected = await connectRunning(options, TIMEOUT_MS);
  if (!connected.ok) return alone(options, connected.error);
  try {
    return await asked(connected.value, options);
  } finally {
    connected.value.close();
  }
}

/** What depends on the terminal is looked at here: the running Lockkeeper was started from another. */
async function asked(client: ControlClient, { prove = false }: DoctorOptions): Promise<Answer<Examined>> {
  const status = await client.request('status', {});
  if (!status.ok) return status;
  const found = await (prove ? client.request('setUp', { action: 'prove' }) : client.request('checkSetUp', {}));
  if (!found.ok) return found;
  const [{ parseEngineUrl }, { checkTerminal }, { dockerCommand }] = await Promise.all([
    import('../../engine/endpoint.ts'),
    import('../../set-up/check.ts'),
    import('../../set-up/docker-command.ts'),
  ]);
  const { hostGate, engine } = status.value;
  const endpoint = parseEngineUrl(engine.endpoint);
  if (endpoint.kind === 'refused') return { ok: false, error: { name: 'invalid-answer', message: endpoint.problem } };
  const { env } = process;
  const terminal = { env, home: homedir(), docker: dockerCommand(env), gate: hostGate, endpoint };
  const checks = await checkTerminal(terminal, found.value.checks);
  return { ok: true, value: { by: 'running', checks, checkedAt: found.value.checkedAt } };
}

async function alone(options: DoctorOptions, error: ControlError): Promise<Answer<Examined>> {
  const { doctorAlone } = await import('./alone.ts');
  const { engine, settings } = options;
  const found = await doctorAlone(
    {
      stateFolder: stateFolder(options),
      ...(engine !== undefined && { engine }),
      ...(settings !== undefined && { settings }),
    },
    error.message,
  );
  if ('problem' in found) return { ok: false, error: { name: 'invalid-request', message: found.problem } };
  return { ok: true, value: { by: 'files', checks: [...found], checkedAt: new Date().toISOString() } };
}
