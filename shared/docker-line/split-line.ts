/** The words of a line as a shell would hand them on, or what a shell would do first that we cannot. */
export type SplitLine =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/** One piece of a word, or what stands between words (POSIX.1-2017, Shell Command Language, 2.2 and 2.3). */
const PIECE =
  /(?<blank>[ \t\r]+)|\\\n|\\(?<escaped>[\s\S])|'(?<single>[^']*)'|"(?<double>(?:[^"\\$`]|\\[\s\S])*)"|(?<plain>[^ \t\r\n'"\\$`|&;<>()]+)/y;
/** Within double quotes a backslash protects these and the end of a line, and stands for itself before others (2.2.3). */
const PROTECTED = /\\([$`"\\])|\\\n/g;
const EXPANSION = /\$\{[^}]*\}?|\$\w+|\$\(|[$`]/;

/** Splits one command by POSIX quoting. What only a shell can work out is a problem that names it, never a guess. */
export function splitLine(line: string): SplitLine {
  const text = line.trim();
  const words: string[] = [];
  let word: string | undefined;
  const pieces = new RegExp(PIECE);
  while (pieces.lastIndex < text.length) {
    const at = pieces.lastIndex;
    const found = pieces.exec(text);
    if (found === null) return { ok: false, problem: problemAt(text.slice(at)) };
    const { blank, escaped, single, double, plain } = found.groups ?? {};
    if (blank === undefined) {
      const piece = escaped ?? single ?? plain ?? double?.replace(PROTECTED, (_, kept = '') => kept);
      if (piece !== undefined) word = (word ?? '') + piece;
    } else {
      if (word !== undefined) words.push(word);
      word = undefined;
    }
  }
  if (word !== undefined) words.push(word);
  return { ok: true, words };
}

function problemAt(rest: string): string {
  const [first = ''] = rest;
  const expansion = EXPANSION.exec(rest);
  if (expansion !== null && (expansion.index === 0 || first === '"')) {
    return `"${expansion[0]}" is for a shell to work out: write what it stands for, or put it in single quotes`;
  }
  if (first === '"' || first === "'") return `the quote ${first} is not closed`;
  if (first === '\\') return 'nothing follows the backslash at the end';
  if (first === '\n') return 'only one docker command can be tried: end a line with \\ to go on in the next';
  return `only one docker command can be tried: leave out what begins with "${first}"`;
}
