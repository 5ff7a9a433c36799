/** Columns shorter than this are ordinary arrays. */
const large = 1 << 16;

/**
 * A column of whole numbers, all 0. A large one lies in shared memory: V8 starts a mark of the whole heap for
 * each 64 MB of ordinary array buffers, and where the heap is a history of a gigabyte, that costs more
 * than the work that the columns are for. Nothing is shared with anybody.
 */
export function int32Column(length: number): Int32Array {
  return length < large ? new Int32Array(length) : new Int32Array(new SharedArrayBuffer(4 * length));
}

/** A column of bytes, all 0; as {@link int32Column}. */
export function byteColumn(length: number): Uint8Array {
  return length < large ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(length));
}

/** A copy with room for `length` numbers, the new ones 0. */
export function longerInt32(from: Int32Array, length: number): Int32Array {
  const to = int32Column(length);
  to.set(from);
  return to;
}

/** A copy with room for `length` bytes, the new ones 0. */
export function longerBytes(from: Uint8Array, length: number): Uint8Array {
  const to = byteColumn(length);
  to.set(from);
  return to;
}
