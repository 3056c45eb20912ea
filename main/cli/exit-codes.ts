/** Exit codes are an interface: scripts and service managers go by them, so they never change their meaning. */
export const exitCodes = {
  ok: { code: 0, meaning: 'done; for serve: stopped as asked' },
  failed: { code: 1, meaning: 'it failed, or the settings file is invalid' },
  usage: { code: 2, meaning: 'the command line is wrong' },
  unreachable: { code: 3, meaning: 'no running Lockkeeper could be reached' },
  anotherInstance: { code: 4, meaning: 'another Lockkeeper already runs with this state folder' },
  blocked: { code: 5, meaning: 'check: it would be blocked' },
  undecided: { code: 6, meaning: 'check: it cannot be decided now, as the engine does not answer' },
  needsAttention: { code: 7, meaning: 'doctor: something needs attention' },
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]['code'];

/** The table as the help shows it. */
export function exitCodesHelp(): string {
  const rows = Object.values(exitCodes).map(({ code, meaning }) => `  ${code}  ${meaning}`);
  return ['Exit codes:', ...rows].join('\n');
}
