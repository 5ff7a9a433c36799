/**
 * The versions of each key, sorted by a place that each has; sorted anew only near those that moved. The
 * version that a key had before all writes is none of them.
 */
export class VersionPlaces {
  readonly #lists: readonly number[][];
  readonly #keyOf: Int32Array;
  readonly #placeOf: (version: number) => number;
  /** Place of each version among those of its key; −1 for one that is in no list. */
  readonly #rank: Int32Array;

  /** `lists`: versions by key, not sorted; `keyOf`: key of each version. */
  constructor(lists: readonly number[][], keyOf: Int32Array, placeOf: (version: number) => number) {
    this.#lists = lists;
    this.#keyOf = keyOf;
    this.#placeOf = placeOf;
    this.#rank = new Int32Array(keyOf.length).fill(-1);
    for (const list of lists) {
      list.sort((a, b) => placeOf(a) - placeOf(b));
      for (let at = 0; at < list.length; at++) this.#rank[list[at]!] = at;
    }
  }

  /** Is a version among the sorted ones? */
  has(version: number): boolean {
    return this.#rank[version]! >= 0;
  }

  /** The first version of a key, as far as is known; undefined where there is none. */
  first(key: number): number | undefined {
    return this.#lists[key]![0];
  }

  /** The version after one. */
  next(version: number): number | undefined {
    return this.#lists[this.#keyOf[version]!]![this.#rank[version]! + 1];
  }

  /** The version before one. */
  previous(version: number): number | undefined {
    return this.#lists[this.#keyOf[version]!]![this.#rank[version]! - 1];
  }

  /**
   * Sorts anew after these versions, and no others, have got new places. Calls back for each version that
   * moved or may have another one after it than before, perhaps more than once; and with `atFirst`, by key, where
   * that is the first version. As many steps as versions were passed, for a few that move at a time.
   */
  moved(versions: readonly number[], each: (version: number) => void, atFirst: (key: number) => void): void {
    const touch = (list: readonly number[], rank: number): void => {
      if (rank >= 0) each(list[rank]!);
      else atFirst(this.#keyOf[list[0]!]!);
    };
    for (let isDone = false; !isDone; ) {
      isDone = true;
      for (const version of versions) {
        const list = this.#lists[this.#keyOf[version]!]!;
        const from = this.#rank[version]!;
        touch(list, from - 1);
        const to = this.#shift(list, version, from, touch);
        if (to !== from) isDone = false;
        touch(list, to - 1);
        touch(list, to);
      }
    }
  }

  /** Moves one version past its neighbours to where it belongs; answers its rank. */
  #shift(
    list: number[],
    version: number,
    from: number,
    touch: (list: readonly number[], rank: number) => void,
  ): number {
    const own = this.#placeOf(version);
    let to = from;
    const put = (other: number, rank: number): void => {
      list[rank] = other;
      this.#rank[other] = rank;
    };
    while (to > 0 && this.#placeOf(list[to - 1]!) > own) {
      put(list[to - 1]!, to);
      put(version, --to);
      touch(list, to + 1);
    }
    while (to + 1 < list.length && this.#placeOf(list[to + 1]!) < own) {
      put(list[to + 1]!, to);
      put(version, ++to);
      touch(list, to - 1);
    }
    return to;
  }
}
