import { createReadStream } from 'node:fs';
import { LONGEST_CREATE_BODY } from '../../../shared/ipc/check.ts';

/** A create body, or in words why there is none to check. */
export type CreateBodyInput =
  | { readonly ok: true; readonly body: string }
  | { readonly ok: false; readonly message: string };

/** Reads a create body from a file, `-` for standard input; of an endless one no more than can be checked. */
export async function readCreateInput(file: string): Promise<CreateBodyInput> {
  const name = file === '-' ? 'standard input' : file;
  try {
    const bytes = await readUpTo(file === '-' ? process.stdin : createReadStream(file), LONGEST_CREATE_BODY);
    if (bytes === undefined) {
      const message = `${name} has more than ${LONGEST_CREATE_BODY / 1024} KiB, which is the most that can be checked`;
      return { ok: false, message };
    }
    return { ok: true, body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) {
      return { ok: false, message: `${name} is not UTF-8, which JSON has to be: such a body is refused` };
    }
    return { ok: false, message: `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Undefined when there is more. */
async function readUpTo(stream: AsyncIterable<Buffer | string>, most: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    if (length > most) return undefined;
  }
  return Buffer.concat(pieces);
}
