/** Throws on four bytes that are found one after the other only by somebody who sees how far the reader comes. */
export function readStepwise(input: Uint8Array): void {
  let steps = 0;
  if (input[0] === 0x4c) {
    steps += 1;
    if (input[1] === 0x4f) {
      steps += 1;
      if (input[2] === 0x43) {
        steps += 1;
        if (input[3] === 0x4b) throw new Error('the planted bug');
      }
    }
  }
  if (steps > 3) throw new Error('there are three steps');
}

/** Looks at all of the input again for each of its bytes. */
export function readSlowly(input: Uint8Array): number {
  let sum = 0;
  for (const one of input) {
    for (const other of input) if (one === other) sum += 1;
  }
  return sum;
}
