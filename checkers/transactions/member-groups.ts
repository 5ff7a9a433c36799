/** Things by the one that each belongs to, side by side. */
export class MemberGroups {
  readonly #heads: Int32Array;
  readonly #members: Int32Array;

  /** `owner[i]`, from 0 to below `owners`, is that of thing `i`. Linear. */
  constructor(owners: number, owner: Int32Array) {
    this.#heads = new Int32Array(owners + 1);
    for (let at = 0; at < owner.length; at++) this.#heads[owner[at]! + 1]!++;
    for (let at = 0; at < owners; at++) this.#heads[at + 1]! += this.#heads[at]!;
    const next = this.#heads.slice();
    this.#members = new Int32Array(owner.length);
    for (let at = 0; at < owner.length; at++) this.#members[next[owner[at]!]!++] = at;
  }

  /** Those that belong to one, in rising order. */
  of(owner: number): Int32Array {
    return this.#members.subarray(this.#heads[owner]!, this.#heads[owner + 1]!);
  }
}
