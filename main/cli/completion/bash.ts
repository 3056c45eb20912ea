import type { CompletedCommand, CompletedOption, CompletionModel, Values } from './model.ts';

/** For bash from 3.2 on (macOS has that), hence without mapfile and, where it is missing, compopt. */
export function bashScript(model: CompletionModel): string {
  const { program, commands } = model;
  const top = [...commands.map(({ name }) => name), ...model.options.flatMap(spellings)];
  return `# bash completion for ${program}
_${program}() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at dashes=0
  COMPREPLY=()
  # bash takes the equals sign of --option=value for a word.
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((at = 2; at < COMP_CWORD; at++)); do
    if [[ \${COMP_WORDS[at]} == -- ]]; then dashes=$at; break; fi
  done
  if ((COMP_CWORD == 1)); then
    _${program}_words ${quoted(top)}
  elif ((dashes > 0)); then
    _${program}_docker $((COMP_CWORD - dashes)) "\${COMP_WORDS[COMP_CWORD-1]}"
  else
    case "\${COMP_WORDS[1]} $prev" in
${commands.flatMap((command) => command.options.flatMap((option) => valueCase(program, command, option))).join('\n')}
    esac
    case \${COMP_WORDS[1]} in
${commands.map((command) => commandCase(program, command)).join('\n')}
    esac
  fi
}
_${program}_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_${program}_paths() {
  COMPREPLY=($(compgen "$1" -- "$cur"))
  if type compopt >/dev/null 2>&1; then compopt -o filenames 2>/dev/null; fi
}
_${program}_docker() {
  case "$1 $2" in
    1\\ *) _${program}_words docker ;;
    2\\ *) _${program}_words ${quoted(model.docker.get('') ?? [])} ;;
${[...model.docker]
  .filter(([group]) => group !== '')
  .map(([group, words]) => `    '3 ${group}') _${program}_words ${quoted(words)} ;;`)
  .join('\n')}
    *) _${program}_paths -f ;;
  esac
}
complete -F _${program} ${program}
`;
}

function commandCase(program: string, { name, options, argument }: CompletedCommand): string {
  const flags = options.flatMap(spellings);
  const words = argument?.kind === 'words' ? [...argument.words, ...flags] : flags;
  const complete = `_${program}_words ${quoted(words)}`;
  if (argument?.kind !== 'files') return `      ${name}) ${complete} ;;`;
  return `      ${name}) if [[ $cur == -* ]]; then ${complete}; else _${program}_paths -f; fi ;;`;
}

function valueCase(program: string, { name }: CompletedCommand, option: CompletedOption): readonly string[] {
  if (option.values === undefined) return [];
  const patterns = spellings(option).map((flag) => `'${name} ${flag}'`);
  return [`      ${patterns.join(' | ')}) ${completeValues(program, option.values)}return ;;`];
}

function completeValues(program: string, values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_${program}_words ${quoted(values.words)}; `;
    case 'files':
      return `_${program}_paths -f; `;
    case 'folders':
      return `_${program}_paths -d; `;
    case 'anything':
      return '';
  }
}

function spellings({ long, short }: CompletedOption): readonly string[] {
  return short === undefined ? [long] : [long, short];
}

/** Words as one argument, a line each; they are ours and have no quotes in them. */
function quoted(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`;
}
