/**
 * Which calls of unknown outcome can stand in for which. A `cas` that leads to a value can always be
 * replaced by a write of this value: so to have used the `cas` is never worse than to have used the write.
 * One object for all configurations of a search; changes as lanes come and go.
 */
export class LaneOrder {
  /** For each value: the number of its write lanes, of its `cas` lanes, and the bytes of these. */
  #groups: Int32Array = new Int32Array(0);
  readonly #usedAt: number;

  constructor(usedAt: number) {
    this.#usedAt = usedAt;
  }

  /** Takes the lanes that are in use now: the byte, the value stored, and whether it is a `cas`. */
  set(lanes: readonly { readonly byte: number; readonly value: number; readonly isCas: boolean }[]): void {
    const byValue = new Map<number, { writes: number[]; cas: number[] }>();
    for (const { byte, value, isCas } of lanes) {
      let group = byValue.get(value);
      if (group === undefined) {
        group = { writes: [], cas: [] };
        byValue.set(value, group);
      }
      (isCas ? group.cas : group.writes).push(byte);
    }
    const flat: number[] = [];
    for (const { writes, cas } of byValue.values()) {
      flat.push(writes.length, cas.length, ...writes, ...cas);
    }
    this.#groups = Int32Array.from(flat);
  }

  /** Is there, for every call that the second configuration can still use, one for the first that can stand in? */
  covers(first: Int32Array, firstAt: number, second: Int32Array, secondAt: number): boolean {
    const groups = this.#groups;
    const a = firstAt + this.#usedAt;
    const b = secondAt + this.#usedAt;
    for (let at = 0; at < groups.length; ) {
      const writesEnd = at + 2 + groups[at]!;
      const end = writesEnd + groups[at + 1]!;
      let spare = 0;
      let i = at + 2;
      for (; i < writesEnd; i++) {
        const word = groups[i]! >> 2;
        const shift = (groups[i]! & 3) * 8;
        spare += ((second[b + word]! >>> shift) & 255) - ((first[a + word]! >>> shift) & 255);
      }
      if (spare < 0) return false;
      for (; i < end; i++) {
        const word = groups[i]! >> 2;
        const shift = (groups[i]! & 3) * 8;
        const lacks = ((first[a + word]! >>> shift) & 255) - ((second[b + word]! >>> shift) & 255);
        if (lacks > 0) spare -= lacks;
      }
      if (spare < 0) return false;
      at = end;
    }
    return true;
  }
}
