/** How a settings file is written, so that what is added looks as if its author had written it. */
export interface TextStyle {
  /** `\n` or `\r\n`. */
  readonly newLine: string;
  /** One level of indentation. */
  readonly indent: string;
}

/** Reads the style off the first line that is indented; two spaces where none is. */
export function styleOf(text: string): TextStyle {
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  const [, first = '  '] = /\n([\t ]+)[^\s]/.exec(text) ?? [];
  return { newLine, indent: first.startsWith('\t') ? '\t' : first };
}

/** The white space at the beginning of the line that this character is in. */
export function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return /^[\t ]*/.exec(line)?.[0] ?? '';
}

/** A value as JSON over several lines, of which the first stands behind something and the others at this indentation. */
export function prettyJson(value: unknown, base: string, { newLine, indent }: TextStyle): string {
  return JSON.stringify(value, null, indent).replaceAll('\n', newLine + base);
}
