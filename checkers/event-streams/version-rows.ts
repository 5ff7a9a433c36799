/**
 * Rows by version, from 1 on. Versions that come in their order, as they do in a log, are kept in a list; others in a
 * `Map`. Constant time a call.
 */
export class VersionRows {
  readonly #listed: number[] = [];
  readonly #others = new Map<number, number>();

  /** The row of a version; undefined where it has none. */
  get(version: number): number | undefined {
    if (version >= 1 && version <= this.#listed.length) return this.#listed[version - 1];
    return this.#others.size === 0 ? undefined : this.#others.get(version);
  }

  /** Gives a version, which has no row yet, its row. */
  add(version: number, row: number): void {
    if (version === this.#listed.length + 1 && !this.#others.has(version)) this.#listed.push(row);
    else this.#others.set(version, row);
  }

  /** Every version that has a row, the lowest first. Linear; n log n where versions do not rise. */
  rising(): readonly number[] {
    const versions = this.#listed.map((_, at) => at + 1);
    if (this.#others.size === 0) return versions;
    const all = [...versions, ...this.#others.keys()];
    const isRising = all.every((version, at) => at === 0 || all[at - 1]! < version);
    return isRising ? all : all.sort((a, b) => a - b);
  }
}
