import type { CompletedCommand, CompletedOption, CompletionModel, Values } from './model.ts';

/** For zsh with its completion system loaded (compinit). */
export function zshScript(model: CompletionModel): string {
  const { program, commands } = model;
  return `#compdef ${program}
_${program}() {
  local -a choices
  local cur=$words[CURRENT] prev=$words[CURRENT-1] command=$words[2] at dashes=0
  if [[ $cur == --*=* ]]; then prev=\${cur%%=*}; compset -P '*='; fi
  for ((at = 3; at < CURRENT; at++)); do
    if [[ $words[at] == -- ]]; then dashes=$at; break; fi
  done
  if ((CURRENT == 2)); then
    choices=(${[...commands.map(described), ...model.options.flatMap(describedOption)].join(' ')})
    _describe '${program} command' choices
  elif ((dashes > 0)); then
    _${program}_docker $((CURRENT - dashes)) $prev
  else
    case "$command $prev" in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(command, option))).join('\n')}
    esac
    case $command in
${commands.map(commandCase).join('\n')}
    esac
  fi
}
_${program}_docker() {
  case "$1 $2" in
    1\\ *) compadd -- docker ;;
    2\\ *) compadd -- ${(model.docker.get('') ?? []).join(' ')} ;;
${[...model.docker]
  .filter(([group]) => group !== '')
  .map(([group, words]) => `    '3 ${group}') compadd -- ${words.join(' ')} ;;`)
  .join('\n')}
    *) _files ;;
  esac
}
compdef _${program} ${program}
`;
}

function commandCase({ name, options, argument }: CompletedCommand): string {
  const flags = `choices=(${options.flatMap(describedOption).join(' ')}); _describe option choices`;
  const before = argument === undefined || argument.kind === 'anything' ? '' : `${complete(argument)}; `;
  return `      ${name}) ${before}${flags} ;;`;
}

function valueCase({ name }: CompletedCommand, { long, short, values }: CompletedOption): readonly string[] {
  if (values === undefined) return [];
  const patterns = [long, ...(short === undefined ? [] : [short])].map((flag) => `'${name} ${flag}'`);
  const completing = values.kind === 'anything' ? '' : `${complete(values)}; `;
  return [`      ${patterns.join(' | ')}) ${completing}return ;;`];
}

function complete(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `compadd -- ${values.words.join(' ')}`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    case 'anything':
      return ':';
  }
}

function described({ name, description }: { readonly name: string; readonly description: string }): string {
  return `'${name}:${text(description)}'`;
}

function describedOption({ long, short, description }: CompletedOption): readonly string[] {
  return [long, ...(short === undefined ? [] : [short])].map((name) => described({ name, description }));
}

/** A colon separates, and the quotes are ours. */
function text(description: string): string {
  return description.replaceAll("'", '’').replaceAll(':', '\\:').replaceAll('\n', ' ');
}
