import type { Json } from "./operation.ts";

const slotsAtFirst = 64;
const slotsMax = 1 << 12;

/**
 * Makes equal lists of a history one: a transaction's completion repeats most of its invocation, and what is read is
 * read several times, so that this spares nearly half of the memory of a history of transactions. Only lists that
 * were seen lately are known, one for each slot of a small table: equal ones stand close together, and a larger table
 * does not fit into the cache of the processor. Lists within objects are left alone. Linear.
 */
export class RecentLists {
  #slots: (readonly Json[] | undefined)[] = [];
  #misses = 0;

  /** The same value, as far as possible made of what was seen before; what is given is not changed. */
  shared(value: Json | undefined): Json | undefined {
    return Array.isArray(value) ? this.#list(value as readonly Json[]) : value;
  }

  #list(given: readonly Json[]): readonly Json[] {
    const list = this.#ofSharedItems(given);
    const hash = hashOf(list);
    const known = this.#slots[hash & (this.#slots.length - 1)];
    if (known !== undefined && hasSameItems(known, list)) return known;
    if (this.#misses++ >= this.#slots.length) this.#grow();
    this.#slots[hash & (this.#slots.length - 1)] = list;
    return list;
  }

  /** The list itself unless a list in it was seen before. */
  #ofSharedItems(given: readonly Json[]): readonly Json[] {
    let copy: Json[] | null = null;
    for (let at = 0; at < given.length; at++) {
      const item = given[at];
      if (!Array.isArray(item)) continue;
      const shared = this.#list(item as readonly Json[]);
      if (shared === item) continue;
      copy ??= given.slice();
      copy[at] = shared;
    }
    return copy ?? given;
  }

  /** What was seen before is forgotten: it comes again soon. */
  #grow(): void {
    this.#misses = 0;
    const length = Math.min(slotsMax, Math.max(slotsAtFirst, 2 * this.#slots.length));
    if (length > this.#slots.length) this.#slots = new Array(length).fill(undefined);
  }
}

/** Of the length, the first two items and the last: where lists grow at their end, that tells them apart. */
function hashOf(list: readonly Json[]): number {
  const { length } = list;
  let hash = length;
  if (length > 0) hash = Math.imul(hash, 31) + hashOfItem(list[0]!);
  if (length > 1) hash = Math.imul(hash, 31) + hashOfItem(list[1]!);
  if (length > 2) hash = Math.imul(hash, 31) + hashOfItem(list[length - 1]!);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function hashOfItem(item: Json): number {
  if (typeof item === "number") return item | 0;
  if (typeof item === "string") return 31 * item.length;
  if (!Array.isArray(item) || item.length === 0) return 2;
  const last = item[item.length - 1] as Json;
  return 31 * item.length + (typeof last === "number" ? last | 0 : Array.isArray(last) ? last.length : 3);
}

/** Lists in them are shared already, so that they are the same or differ. */
function hasSameItems(known: readonly Json[], list: readonly Json[]): boolean {
  if (known === list) return true;
  if (known.length !== list.length) return false;
  for (let at = 0; at < list.length; at++) if (known[at] !== list[at]) return false;
  return true;
}
