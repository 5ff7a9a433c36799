const initialSlots = 64;

/**
 * Gives each distinct whole number from 0 to 2^53 − 1 a small number, in the order of first sight. A `Map` would keep
 * an object for each number above 2^30; this is two typed arrays. Expected constant time.
 */
export class NumberTable {
  /** Number plus 1 of what each slot holds; 0: free. */
  #slots = new Int32Array(initialSlots);
  #values = new Float64Array(initialSlots >> 1);
  #size = 0;

  /** How many numbers were seen. */
  get size(): number {
    return this.#size;
  }

  /** The number of `value`; a new one, which is {@link size} before, at first sight. */
  intern(value: number): number {
    const slot = this.#slotOf(value);
    const known = this.#slots[slot]! - 1;
    if (known >= 0) return known;
    const id = this.#size++;
    this.#values[id] = value;
    if (this.#size === this.#values.length) this.#grow();
    else this.#slots[slot] = id + 1;
    return id;
  }

  /** The number of `value`; −1 where it was not seen. */
  find(value: number): number {
    return this.#slots[this.#slotOf(value)]! - 1;
  }

  /** The slot that holds a value, or the free one where it belongs. At least half of the slots are free. */
  #slotOf(value: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(value) & mask;
    for (let held = this.#slots[slot]!; held > 0; held = this.#slots[slot]!) {
      if (this.#values[held - 1] === value) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const values = new Float64Array(2 * this.#values.length);
    values.set(this.#values);
    this.#values = values;
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let id = 0; id < this.#size; id++) this.#slots[this.#slotOf(values[id]!)] = id + 1;
  }
}

/** Low and high half, mixed (the finalizer of MurmurHash3). */
function hashOf(value: number): number {
  let hash = (value | 0) ^ Math.imul(Math.floor(value / 0x1_0000_0000), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
