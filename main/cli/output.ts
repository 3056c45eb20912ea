/** What happens when whoever reads our output goes away (`lockkeeper events | head`). */
export type WhenUnread = 'end' | 'go-on';

/** Makes closed pipes harmless: commands that only print end quietly, the service goes on without its output. */
export function surviveClosedOutput(whenUnread: () => WhenUnread): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      const closed = 'code' in error && (error.code === 'EPIPE' || error.code === 'EIO');
      if (!closed || whenUnread() === 'end') {
        process.exit(closed ? 0 : 1);
      }
    });
  }
}

/** Prints a line for whoever called us. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints the one line that says what went wrong and what to do. */
export function complain(message: string): void {
  process.stderr.write(`lockkeeper: ${printable(message)}\n`);
}

/**
 * Text as a terminal may show it: control characters, and those that turn the writing direction, come as `\u{…}`.
 * Image names and paths are chosen by containers, and must not move the cursor of whoever reads about them.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
