import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completionScript } from '../../../../../main/cli/completion/script.ts';
import { type Shell, shells } from '../../../../../main/cli/completion/shell.ts';
import { createProgram } from '../../../../../main/cli/program.ts';

const program = createProgram({ json: false, outlivesReader: () => undefined, finish: () => undefined });
const folder = mkdtempSync(join(tmpdir(), 'lockkeeper-completion-'));
const scriptOf = (shell: Shell) => join(folder, `lockkeeper.${shell}`);

beforeAll(() => {
  for (const shell of shells) writeFileSync(scriptOf(shell), completionScript(shell, program));
  writeFileSync(join(folder, 'a file.json'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words that are being written; the last one is completed. */
type Line = readonly string[];

/** How each shell is asked, without a terminal, what it would offer. */
const askers: Readonly<Record<Shell, (line: Line) => readonly [command: string, args: readonly string[]]>> = {
  bash: (line) => [
    'bash',
    [
      '--norc',
      '-c',
      `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lockkeeper; printf '%s\\n' "\${COMPREPLY[@]}"`,
      scriptOf('bash'),
      ...line.flatMap(brokenAtEqualsSign),
    ],
  ],
  // The functions that would fill zsh's menu print instead; they filter by what is written, as the menu does.
  zsh: (line) => [
    'zsh',
    [
      '-f',
      '-c',
      `compdef() { :; }
       offer() { for word in "$@"; do [[ $word == \${words[CURRENT]}* ]] && print -r -- $word; done; return 0; }
       compadd() { shift; offer "$@"; }
       _describe() { offer \${choices%%:*}; }
       _files() { offer *; }
       compset() { words[CURRENT]=\${words[CURRENT]#*=}; }
       . "$0"; words=("$@"); CURRENT=$#; _lockkeeper`,
      scriptOf('zsh'),
      ...line,
    ],
  ],
  fish: (line) => [
    'fish',
    [
      '--no-config',
      '-c',
      `source ${scriptOf('fish')}; complete -C '${line.join(' ')}' | string replace -r "\\t.*" ""; true`,
    ],
  ],
};

/** As readline breaks a line into words (COMP_WORDBREAKS). */
function brokenAtEqualsSign(word: string): readonly string[] {
  const [, option, value] = /^(--\w+)=(.*)$/.exec(word) ?? [];
  if (option === undefined || value === undefined) return [word];
  return value === '' ? [option, '='] : [option, '=', value];
}

function offered(shell: Shell, line: Line): readonly string[] {
  const [command, args] = askers[shell](['lockkeeper', ...line]);
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  expect({ stderr, status }, `${shell}: ${line.join(' ')}`).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

const cases: readonly (readonly [line: Line, includes: readonly string[], excludes: readonly string[]])[] = [
  [[''], ['serve', 'status', 'events', 'policy', 'validate', 'check', 'completion'], ['docker', 'a file.json']],
  [['ch'], ['check'], ['serve']],
  [['status', '--'], ['--json', '--state'], ['--follow']],
  [['events', '--f'], ['--follow', '--file'], ['--json']],
  [['events', '--outcome', ''], ['passed', 'refused', 'granted'], ['decision']],
  [['events', '--type', 'd'], ['decision'], ['socket']],
  [['check', '--from', ''], ['host', 'filtered', 'container', 'socket'], ['--json']],
  [['events', '--outcome=r'], ['refused'], ['passed', '--json', 'a file.json']],
  [['events', '--outcome='], ['refused', 'passed'], ['--json']],
  [['events', '--file='], ['a file.json'], ['--json']],
  [['completion', ''], ['bash', 'zsh', 'fish'], ['serve']],
  [['validate', 'a'], ['a file.json'], ['serve']],
  [['check', '--', ''], ['docker'], ['run']],
  [['check', '--', 'docker', 'pu'], ['pull', 'push'], ['ps']],
  [['check', '--', 'docker', 'run', '-v', 'a'], ['a file.json'], ['attach']],
  [['check', '--', 'docker', 'image', 'import', 'a'], ['a file.json'], []],
  [['check', '--from', 'filtered', '--', 'docker', 'image', 'r'], ['rm', 'remove'], ['run']],
];

describe.each(shells)('completion for %s', (shell) => {
  const isThere = spawnSync(shell, ['--version']).status === 0;
  const title = isThere ? 'offers what fits' : `offers what fits (skipped: ${shell} is not installed)`;

  it.skipIf(!isThere).each(cases)(`${title}: %j`, (line, includes, excludes) => {
    const words = offered(shell, line).map((word) => word.replaceAll('\\ ', ' ').replace(/^--\w+=/, ''));
    expect(words).toEqual(expect.arrayContaining([...includes]));
    expect(words.filter((word) => excludes.includes(word))).toEqual([]);
  });

  it('has every command and option of the program', () => {
    const script = completionScript(shell, program);
    for (const command of program.commands) {
      expect(script).toContain(command.name());
      for (const { long } of command.options) {
        expect(script, command.name()).toContain(shell === 'fish' ? `-l ${long?.slice(2)}` : long);
      }
    }
  });
});
