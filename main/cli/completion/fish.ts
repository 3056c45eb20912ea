import type { CompletedCommand, CompletedOption, CompletionModel, Values } from './model.ts';

/** For fish from 3 on. */
export function fishScript(model: CompletionModel): string {
  const { program, commands, docker } = model;
  const complete = `complete -c ${program}`;
  const groups = [...docker.keys()].filter((group) => group !== '');
  const lines = [
    `# fish completion for ${program}`,
    `function __${program}_docker --description 'the words behind --'`,
    '  set -l tokens (commandline -opc)',
    '  set -l at (contains -i -- -- $tokens); or return 1',
    '  test (count $tokens) -gt $at; and string join -- \\n $tokens[(math $at + 1)..-1]',
    '  return 0',
    'end',
    `function __${program}_behind --description 'whether just these words stand behind --'`,
    `  set -l behind (__${program}_docker); or return 1`,
    '  test "$behind" = "$argv"',
    'end',
    `function __${program}_arguments --description 'whether a docker command stands behind --'`,
    `  set -l behind (__${program}_docker); or return 1`,
    `  test (count $behind) -gt 2; and return 0`,
    `  test (count $behind) -eq 2; and not contains -- $behind[2] ${groups.join(' ')}`,
    'end',
    `function __${program}_command --description 'whether this command is being written'`,
    '  set -l tokens (commandline -opc)',
    '  contains -- -- $tokens; and return 1',
    '  test (count $tokens) -gt 1; and test $tokens[2] = $argv[1]',
    'end',
    `${complete} -f`,
    ...commands.map(
      ({ name, description }) => `${complete} -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
    ),
    ...model.options.map((option) => optionLine(complete, '__fish_use_subcommand', option)),
    ...commands.flatMap((command) => commandLines(complete, program, command)),
    `${complete} -n '__${program}_behind' -a docker`,
    `${complete} -n '__${program}_behind docker' -a ${quoted((docker.get('') ?? []).join(' '))}`,
    ...groups.map((group) => {
      const words = docker.get(group) ?? [];
      return `${complete} -n '__${program}_behind docker ${group}' -a ${quoted(words.join(' '))}`;
    }),
    `${complete} -n __${program}_arguments -F`,
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(complete: string, program: string, command: CompletedCommand): readonly string[] {
  const condition = `'__${program}_command ${command.name}'`;
  const argument = command.argument === undefined ? '' : valueWords(command.argument);
  return [
    ...command.options.map((option) => optionLine(complete, condition, option)),
    ...(argument === '' ? [] : [`${complete} -n ${condition}${argument}`]),
  ];
}

function optionLine(
  complete: string,
  condition: string,
  { long, short, description, values }: CompletedOption,
): string {
  const names = `${short === undefined ? '' : ` -s ${short.slice(1)}`} -l ${long.slice(2)}`;
  const value = values === undefined ? '' : ` -r${valueWords(values)}`;
  return `${complete} -n ${condition}${names}${value} -d ${quoted(description)}`;
}

function valueWords(values: Values): string {
  switch (values.kind) {
    case 'words':
      return ` -a ${quoted(values.words.join(' '))}`;
    case 'files':
      return ' -F';
    case 'folders':
      return ` -a '(__fish_complete_directories)'`;
    case 'anything':
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
