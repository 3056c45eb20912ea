import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { put } from './settings-folder.ts';

export interface UnusableFile {
  readonly what: string;
  /** Makes such a file. */
  readonly spoil: (file: string) => void;
  /** What is said: FILE stands for the file, FOLDER for its folder. */
  readonly says: string;
  /** Only root can make such a file. */
  readonly asRoot?: true;
}

const mount = 'enhancedContainerIsolation.dockerSocketMount';
const link = 'FILE: The file is a symbolic link, whose target can be changed by others; put the file itself there.';

const inMount = (key: string, list: object) =>
  JSON.stringify({ enhancedContainerIsolation: { dockerSocketMount: { [key]: list } } });

function bytes(file: string, contents: string | Uint8Array): void {
  put(file, '');
  writeFileSync(file, contents);
}

/** One of each kind of file that cannot be used, whatever the reason. */
export const unusableFiles: readonly UnusableFile[] = [
  {
    what: 'a syntax error',
    spoil: (file) => put(file, '{"lockkeeper": {},\n}'),
    says: 'FILE:1:18: The file is not valid JSON: a comma before a closing bracket is not JSON (trailing comma): remove it.',
  },
  {
    what: 'a comment',
    spoil: (file) => put(file, '{\n  // nobody\n}'),
    says: 'FILE:2:3: The file is not valid JSON: comments are not JSON: remove it.',
  },
  {
    what: 'a duplicate key',
    spoil: (file) => put(file, '{"a": 1,\n"a": 2}'),
    says: 'FILE:2:1: The file is not valid JSON: the key "a" comes twice in one object: remove one.',
  },
  {
    what: 'a wrong type',
    spoil: (file) => put(file, '{"enhancedContainerIsolation":\n {"value": "no"}}'),
    says: 'FILE:2:12: enhancedContainerIsolation.value must be true or false, but is the string "no".',
  },
  {
    what: 'an unknown key',
    spoil: (file) => put(file, '{"lockkeeper": {\n "hostgate": {"escape": 1}}}'),
    says: 'FILE:2:15: lockkeeper.hostGate.escape is not a setting that Lockkeeper knows; lockkeeper.hostGate may hold: hostEscape.',
  },
  {
    what: 'an unknown command',
    spoil: (file) => put(file, inMount('commandList', { type: 'deny', commands: ['psuh'] })),
    says: `FILE:1:94: ${mount}.commandList.commands[0]: "psuh" is not a docker command that can be listed; did you mean "push" or "ps"?`,
  },
  {
    what: 'a bad reference',
    spoil: (file) => put(file, inMount('imageList', { images: ['docker:cli', 'docker:'] })),
    says: `FILE:1:89: ${mount}.imageList.images[1]: "docker:" has a colon without a tag: write the tag behind it or leave the colon out.`,
  },
  {
    what: 'a NUL byte',
    spoil: (file) => put(file, '{}\0'),
    says: 'FILE:1:3: The file is not valid JSON: there is a NUL byte where the end of the document is expected.',
  },
  {
    what: 'UTF-16',
    spoil: (file) => bytes(file, Buffer.from('\ufeff{}', 'utf16le')),
    says: 'FILE:1:1: The file is encoded as UTF-16; save it as UTF-8.',
  },
  {
    what: 'another encoding than UTF-8',
    spoil: (file) => bytes(file, Buffer.from('{"a": "é"}', 'latin1')),
    says: 'FILE:1:8: The file is not valid UTF-8 from here on; save it as UTF-8.',
  },
  {
    what: 'nothing in it',
    spoil: (file) => put(file, ''),
    says: 'FILE:1:1: The file is empty; write {} for a file that sets nothing.',
  },
  {
    what: 'more than 1 MiB',
    spoil: (file) => {
      put(file, '{}');
      truncateSync(file, 1024 * 1024 + 1);
    },
    says: 'FILE: The file is larger than 1 MiB, which no settings file needs to be.',
  },
  {
    what: 'another owner',
    spoil: (file) => {
      put(file, '{}');
      chownSync(file, 1234, 1234);
    },
    says: 'FILE: The file is owned by user 1234, but must be owned by root (chown 0 FILE).',
    asRoot: true,
  },
  {
    what: 'a mode that lets others write',
    spoil: (file) => {
      put(file, '{}');
      chmodSync(file, 0o666);
    },
    says: 'FILE: The file has mode 0666, so that others than its owner can write to it (chmod go-w FILE).',
  },
  {
    what: 'a folder that others can write to',
    spoil: (file) => {
      put(file, '{}');
      chmodSync(dirname(file), 0o775);
    },
    says: 'FILE: The file could be replaced by others: the folder FOLDER has mode 0775, so that others than its owner can write to it (chmod go-w FOLDER).',
  },
  {
    what: 'a folder of another owner',
    spoil: (file) => {
      put(file, '{}');
      chownSync(dirname(file), 1234, 1234);
    },
    says: 'FILE: The file could be replaced by others: the folder FOLDER is owned by user 1234, but must be owned by root (chown 0 FOLDER).',
    asRoot: true,
  },
  {
    what: 'nothing, in a folder from which others could have removed it',
    spoil: (file) => {
      mkdirSync(dirname(file), { recursive: true });
      chmodSync(dirname(file), 0o777);
    },
    says: 'FILE: The file does not exist, but others could have removed it: the folder FOLDER has mode 0777, so that others than its owner can write to it (chmod go-w FOLDER).',
  },
  {
    what: 'a link',
    spoil: (file) => {
      put(`${file}.real`, '{}');
      symlinkSync(`${file}.real`, file);
    },
    says: link,
  },
  {
    what: 'a link to nothing',
    spoil: (file) => {
      put(`${file}.x`, '');
      symlinkSync('/nonexistent/at/all', file);
    },
    says: link,
  },
  {
    what: 'a folder that is a link to nothing',
    spoil: (file) => {
      mkdirSync(dirname(dirname(file)), { recursive: true });
      symlinkSync('/nonexistent/at/all', dirname(file));
    },
    says: 'FILE: The file cannot be reached: FOLDER is a link that leads nowhere.',
  },
  {
    what: 'a file in place of its folder',
    spoil: (file) => put(dirname(file), ''),
    says: 'FILE: The file cannot be reached: something on the way to it is not a folder.',
  },
  {
    what: 'links in a circle',
    spoil: (file) => {
      mkdirSync(dirname(dirname(file)), { recursive: true });
      symlinkSync(`${dirname(file)}.other`, dirname(file));
      symlinkSync(dirname(file), `${dirname(file)}.other`);
    },
    says: 'FILE: The file cannot be reached: there are symbolic links in a circle on the way to it.',
  },
  {
    what: 'a folder',
    spoil: (file) => mkdirSync(file, { recursive: true }),
    says: 'FILE: The file is a folder, not a regular file.',
  },
  {
    what: 'a named pipe',
    spoil: (file) => {
      mkdirSync(dirname(file), { recursive: true });
      execFileSync('mkfifo', [file]);
    },
    says: 'FILE: The file is a named pipe, not a regular file.',
  },
  {
    what: 'a device',
    spoil: (file) => {
      mkdirSync(dirname(file), { recursive: true });
      execFileSync('mknod', [file, 'c', '1', '5']);
    },
    says: 'FILE: The file is a device, not a regular file.',
    asRoot: true,
  },
  {
    what: 'a socket',
    spoil: (file) => {
      mkdirSync(dirname(file), { recursive: true });
      // Bound and left behind; the short name is for the limit on the length of socket paths.
      const script = `require('net').createServer().listen('s', () => process.kill(process.pid, 'SIGKILL'))`;
      try {
        execFileSync(process.execPath, ['-e', script], { cwd: dirname(file) });
      } catch {
        renameSync(`${dirname(file)}/s`, file);
      }
    },
    says: 'FILE: The file is a socket or a device, not a regular file.',
  },
];
