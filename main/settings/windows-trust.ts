import { execFile } from 'node:child_process';
import { win32 } from 'node:path';
import { promisify } from 'node:util';
import type { Owner, Trust } from './trust.ts';
import type { WayTrust } from './way-trust.ts';

/** Owners and access lists of some paths, in their order, and the asking user's own ID, as Windows spells them (SDDL, SID). */
export interface WindowsAccess {
  readonly sddls: readonly string[];
  readonly user: string;
}

export type ReadAccess = (paths: readonly string[]) => Promise<WindowsAccess>;

/** SDDL's names and the IDs of SYSTEM, the Administrators group and the Windows installer. */
const administrators = [
  'SY',
  'BA',
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
];

const DELETE_CHILD = 0x40;
const DELETE = 0x10000;
/** Change permissions, take ownership, generic all. */
const RULE = 0x40000 | 0x80000 | 0x10000000;
/** Write data, append, write attributes of both kinds, delete, generic write. */
const WRITE_FILE = RULE | DELETE | 0x2 | 0x4 | 0x10 | 0x100 | 0x40000000;
/**
 * What lets others move or remove what is in a folder. To add a file is harmless, since its owner would not be trusted;
 * everybody may do so in new folders of ProgramData.
 */
const CHANGE_FOLDER = RULE | DELETE | DELETE_CHILD;

/** Rights as SDDL abbreviates them (ACE strings in Microsoft's reference of the security descriptor format). */
const letters: Readonly<Record<string, number>> = {
  GA: 0x10000000,
  GR: 0x80000000,
  GW: 0x40000000,
  GX: 0x20000000,
  FA: 0x1f01ff,
  FR: 0x120089,
  FW: 0x120116,
  FX: 0x1200a0,
  RC: 0x20000,
  SD: 0x10000,
  WD: 0x40000,
  WO: 0x80000,
  CC: 0x1,
  DC: 0x2,
  LC: 0x4,
  SW: 0x8,
  RP: 0x10,
  WP: 0x20,
  DT: 0x40,
  LO: 0x80,
  CR: 0x100,
};

const UNREADABLE = 'cannot be trusted, since its permissions could not be read';

/** Owner and access list by way of PowerShell, since Node knows neither. */
export function windowsTrust(read: ReadAccess = readAccess): Trust {
  return async (path, _stats, owner) => {
    const access = await tryToRead(read, [path]);
    return access === undefined ? UNREADABLE : distrust(access.sddls[0] ?? '', access.user, owner, WRITE_FILE);
  };
}

/** Every folder above a file, up to the drive, in one question. */
export function windowsWayTrust(read: ReadAccess = readAccess): WayTrust {
  return async (path, owner) => {
    const folders = foldersAbove(path);
    const access = await tryToRead(read, folders);
    for (const [index, folder] of folders.entries()) {
      const sddl = access?.sddls[index] ?? '';
      if (sddl === MISSING) {
        return undefined;
      }
      const doubt = access === undefined ? UNREADABLE : distrust(sddl, access.user, owner, CHANGE_FOLDER);
      if (doubt !== undefined) {
        return `the folder ${folder} ${doubt}`;
      }
    }
    return undefined;
  };
}

function foldersAbove(path: string): readonly string[] {
  const folder = win32.dirname(path);
  return folder === path ? [] : [...foldersAbove(folder), folder];
}

async function tryToRead(read: ReadAccess, paths: readonly string[]): Promise<WindowsAccess | undefined> {
  try {
    return await read(paths);
  } catch {
    return undefined;
  }
}

/** Tells why a file or folder with this owner and access list is not to be trusted. */
export function distrust(sddl: string, user: string, owner: Owner, rights: number): string | undefined {
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
    const [type = '', flags = '', given = '', , , account = ''] = entry.split(';');
    const inheritOnly = flags.includes('IO');
    if (!type.startsWith('D') && !inheritOnly && !trusted.includes(account) && grants(given, rights)) {
      return `can be changed by ${account}; take that permission away`;
    }
  }
  return undefined;
}

/** Whether an entry's rights, a number or abbreviations, have any of those; what is not understood has them all. */
function grants(given: string, rights: number): boolean {
  const bits = given.startsWith('0x')
    ? BigInt(given)
    : (given.match(/../g) ?? []).reduce((sum, right) => sum | BigInt(letters[right] ?? 0xffffffff), 0n);
  return (bits & BigInt(rights >>> 0)) !== 0n;
}

/** What PowerShell prints for a path that leads nowhere. */
export const MISSING = 'missing';

/** One path a line in, since no Windows path has a line end in it; one answer a line out. */
const script = `
foreach ($path in $env:LOCKKEEPER_PATHS -split "\n") {
  if (Test-Path -LiteralPath $path) { (Get-Acl -LiteralPath $path).Sddl } else { '${MISSING}' }
}
[Security.Principal.WindowsIdentity]::GetCurrent().User.Value`;

async function readAccess(paths: readonly string[]): Promise<WindowsAccess> {
  const system = process.env.SystemRoot ?? 'C:\\Windows';
  const { stdout } = await promisify(execFile)(
    win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    ['-NoProfile', '-NonInteractive', '-Command', script],
    { env: { ...process.env, LOCKKEEPER_PATHS: paths.join('\n') }, timeout: 10_000, windowsHide: true },
  );
  const lines = stdout.trim().split(/\r?\n/);
  return { sddls: lines.slice(0, -1), user: lines.at(-1) ?? '' };
}
