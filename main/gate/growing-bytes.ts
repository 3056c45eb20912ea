/**
 * Collects bytes in one piece of memory that grows by doubling: a head or a body which comes in pieces of one byte is
 * neither copied whole for each of them nor kept as so many objects, of which each would cost a hundred times its byte.
 */
export interface GrowingBytes {
  /** All that was added so far. It shares the memory, which later additions leave as it is. */
  add(bytes: Buffer): Buffer;
}

export function growingBytes(): GrowingBytes {
  let room: Buffer | undefined;
  let length = 0;
  return {
    add(bytes) {
      if (room === undefined) {
        room = bytes;
        length = bytes.length;
        return bytes;
      }
      const needed = length + bytes.length;
      if (needed > room.length) {
        const larger = Buffer.allocUnsafe(needed * 2);
        room.copy(larger, 0, 0, length);
        room = larger;
      }
      bytes.copy(room, length);
      length = needed;
      return room.subarray(0, length);
    },
  };
}
