import type { CheckReport, CheckStep } from '../../../shared/ipc/check.ts';
import { type CommandResult, runCommand } from '../../lab/command.ts';
import type { AttachedLab } from '../../lab/lab.ts';

const PROGRAM = new URL('../../../dist/main/lockkeeper.js', import.meta.url).pathname;

export interface Checked extends CommandResult {
  /** What it printed, where that is a report. */
  readonly report: CheckReport & { readonly by: 'running' | 'files' };
  readonly steps: readonly CheckStep[];
}

/** Runs the built program's command line. */
export function lockkeeper(
  lab: AttachedLab,
  args: readonly string[],
  options: { readonly stdin?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandResult> {
  const env = { PATH: process.env.PATH ?? '', HOME: lab.work, DOCKER_CONFIG: `${lab.folder}/client`, ...options.env };
  const { stdin } = options;
  return runCommand(process.execPath, [PROGRAM, ...args], { env, ...(stdin !== undefined && { stdin }) });
}

/** `lockkeeper check --json`, with its report read. */
export async function checked(
  lab: AttachedLab,
  options: readonly string[],
  line: readonly string[],
  stdin?: string,
): Promise<Checked> {
  const words = line.length === 0 ? [] : ['--', ...line];
  const result = await lockkeeper(lab, ['check', '--json', ...options, ...words], stdin === undefined ? {} : { stdin });
  const report = result.stdout === '' ? { steps: [] } : JSON.parse(result.stdout);
  return { ...result, report, steps: report.steps };
}
