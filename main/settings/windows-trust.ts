import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import { promisify } from 'node:util';
import type { Owner, Trust } from './trust.ts';

/** Owner, access list and the asking user's own ID, as Windows spells them (SDDL, SID). */
export interface WindowsAccess {
  readonly sddl: string;
  readonly user: string;
}

/** SDDL's names and the IDs of SYSTEM, the Administrators group and the Windows installer. */
const administrators = [
  'SY',
  'BA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
];

/** Write data, append, write attributes of both kinds, delete, change permissions, take ownership, all of these. */
const writeBits = 0x2 | 0x4 | 0x10 | 0x100 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000;
const writeRights = ['GA', 'GW', 'FA', 'FW', 'SD', 'WD', 'WO', 'CC', 'DC', 'LC', 'SW', 'DT', 'WP'];

/** Owner and access list by way of PowerShell, since Node knows neither. */
export function windowsTrust(read: (path: string) => Promise<WindowsAccess> = readAccess): Trust {
  return async (path, _stats, owner) => {
    let access: WindowsAccess;
    try {
      access = await read(path);
    } catch {
      return 'cannot be trusted, since its permissions could not be read';
    }
    return distrust(access, owner);
  };
}

/** Tells why a file with this owner and access list is not to be trusted. */
export function distrust({ sddl, user }: WindowsAccess, owner: Owner): string | undefined {
  const owned = /^O:(S-[\d-]+|[A-Z]{2})/.exec(sddl)?.[1];
  // Entries with conditions have parentheses of their own; those are not understood, and so not trusted.
  const accessList = /D:[A-Z_]*((?:\([^()]*\))+)(?:S:|$)/.exec(sddl)?.[1];
  if (owned === undefined || accessList === undefined) {
    // No access list at all means that everybody may do everything.
    return 'cannot be trusted, since it has no access list that could be understood';
  }
  const trusted = owner === 'administrator' ? administrators : [...administrators, user];
  if (!trusted.includes(owned)) {
    const wanted = owner === 'administrator' ? 'the Administrators group' : 'you or the Administrators group';
    return `is owned by ${owned}, but must be owned by ${wanted}`;
  }
  for (const [, entry = ''] of accessList.matchAll(/\(([^()]*)\)/g)) {
    const [type = '', flags = '', rights = '', , , account = ''] = entry.split(';');
    const inheritOnly = flags.includes('IO');
    if (!type.startsWith('D') && !inheritOnly && !trusted.includes(account) && mayWrite(rights)) {
      return `can be written to by ${account}; take that permission away`;
    }
  }
  return undefined;
}

function mayWrite(rights: string): boolean {
  if (rights.startsWith('0x')) {
    return (BigInt(rights) & BigInt(writeBits >>> 0)) !== 0n;
  }
  return (rights.match(/../g) ?? []).some((right) => writeRights.includes(right));
}

async function readAccess(path: string): Promise<WindowsAccess> {
  const script =
    '(Get-Acl -LiteralPath $env:LOCKKEEPER_FILE).Sddl; [Security.Principal.WindowsIdentity]::GetCurrent().User.Value';
  const system = process.env.SystemRoot ?? 'C:\\Windows';
  const { stdout } = await promisify(execFile)(
    win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    ['-NoProfile', '-NonInteractive', '-Command', script],
    { env: { ...process.env, LOCKKEEPER_FILE: path }, timeout: 10_000, windowsHide: true },
  );
  const [sddl = '', user = ''] = stdout.trim().split(/\r?\n/);
  return { sddl, user };
}
