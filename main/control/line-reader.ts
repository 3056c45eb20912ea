/** Cuts what a stream brings into lines of at most `cap` bytes; `tooLong` is called once instead of a longer one. */
export function createLineReader(
  cap: number,
  line: (text: string) => void,
  tooLong: () => void,
): (data: Buffer) => void {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let broken = false;

  function take(piece: Buffer): boolean {
    heldBytes += piece.length;
    if (heldBytes > cap) {
      broken = true;
      held = [];
      tooLong();
      return false;
    }
    held.push(piece);
    return true;
  }

  return (data) => {
    let start = 0;
    while (!broken) {
      const end = data.indexOf(0x0a, start);
      const piece = data.subarray(start, end === -1 ? data.length : end);
      if (!take(piece) || end === -1) {
        return;
      }
      const text = Buffer.concat(held).toString('utf8');
      held = [];
      heldBytes = 0;
      start = end + 1;
      line(text);
    }
  };
}
