/**
 * The input with everything taken out that it does not need to keep a property, by halves, quarters and so on down to
 * single bytes. `keeps` is asked for less than a thousand times.
 */
export async function minimise(
  input: Uint8Array,
  keeps: (shorter: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let kept = input;
  let asked = 0;
  for (let size = Math.ceil(kept.length / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length && asked < 1000; ) {
      const shorter = Uint8Array.from(Buffer.concat([kept.subarray(0, start), kept.subarray(start + size)]));
      asked += 1;
      if (await keeps(shorter)) kept = shorter;
      else start += size;
    }
  }
  return kept;
}
