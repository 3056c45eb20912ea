import type { ControlError } from '../../shared/ipc/contract.ts';

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

/** How a complaint is printed. */
export interface ComplaintForm {
  /** As a JSON object, for programs. */
  readonly json?: boolean | undefined;
  /** What a program goes by; people read the message. */
  readonly name?: ComplaintName;
}

export type ComplaintName = ControlError['name'] | 'usage' | 'failed' | 'no-such-way-in' | 'another-instance';

/** Prints the one line that says what went wrong and what to do, on standard error. */
export function complain(message: string, { json = false, name = 'failed' }: ComplaintForm = {}): void {
  const line = json ? JSON.stringify({ error: { name, message } }) : `lockkeeper: ${printable(message)}`;
  process.stderr.write(`${line}\n`);
}

/** The same for an error of the control socket. */
export function complainError({ name, message }: ControlError, json: boolean | undefined): void {
  complain(message, { json, name });
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
