import { valueText } from "../history/describe-operation.ts";
import type { CycleNames, RelationWords, ToldRelation } from "./cycle-proof.ts";
import { WR, WW } from "./dependency-graph.ts";
import { sourceOf } from "./list-dependencies.ts";
import { elementAppended, listRead } from "./list-operation.ts";
import { type ListOrder, NOWHERE } from "./list-order.ts";
import { ListReads } from "./list-reads.ts";
import { type ListTransactions, UNREAD } from "./list-transactions.ts";
import { keyText, seenText } from "./transaction-words.ts";

/** Words the relations between transactions on lists. */
export function listWords(txns: ListTransactions, order: ListOrder): RelationWords {
  const told = new ListWords(txns, order);
  return {
    relation: (from, to, kind, names) => told.relation(from, to, kind, names),
    happened: (transaction, names) => told.happened(transaction, names),
  };
}

class ListWords {
  readonly #txns: ListTransactions;
  readonly #order: ListOrder;
  readonly #reads: ListReads;

  constructor(txns: ListTransactions, order: ListOrder) {
    this.#txns = txns;
    this.#order = order;
    this.#reads = new ListReads(txns, order);
  }

  relation(from: number, to: number, kind: number, names: CycleNames): ToldRelation {
    const told =
      kind === WR
        ? (this.#wroteRead(from, to, names) ?? this.#wroteWrote(from, to, names))
        : kind === WW
          ? this.#wroteWrote(from, to, names)
          : this.#readWrote(from, to, names);
    if (told !== null) return told;
    return { text: `${names.nameOf(to)} appended after ${names.nameOf(from)}`, shownBy: [] };
  }

  happened(transaction: number, names: CycleNames): ToldRelation | null {
    for (const append of this.#operations(transaction, 1)) {
      const read = this.#reads.of(append, names.nodes);
      if (read < 0) continue;
      const reader = this.#txns.owner[read]!;
      const text =
        `The outcome of ${names.nameOf(transaction)} is unknown, but ${names.nameOf(reader)} read ` +
        `${this.#seen(read)}, with its ${this.#element(append)}`;
      return { text, shownBy: [reader] };
    }
    return null;
  }

  #operations(transaction: number, isAppend: number): number[] {
    const { starts, token } = this.#txns;
    const found: number[] = [];
    for (let at = starts[transaction]!; at < starts[transaction + 1]!; at++) {
      if (this.#txns.isAppend[at] === isAppend && (isAppend === 1 || token[at] !== UNREAD)) found.push(at);
    }
    return found;
  }

  #wroteRead(from: number, to: number, { nameOf }: CycleNames): ToldRelation | null {
    for (const read of this.#operations(to, 0)) {
      if (this.#order.isAmbiguous[this.#txns.key[read]!] === 1) continue;
      const source = sourceOf(this.#order, read, this.#txns.token[read]!);
      if (source < 0 || this.#txns.owner[source] !== from) continue;
      const whose = `whose ${this.#element(source)} was appended by ${nameOf(from)}`;
      return { text: `${nameOf(to)} read ${this.#seen(read)}, ${whose}`, shownBy: [] };
    }
    return null;
  }

  #wroteWrote(from: number, to: number, names: CycleNames): ToldRelation | null {
    const { key } = this.#txns;
    for (const later of this.#operations(to, 1)) {
      for (const earlier of this.#operations(from, 1)) {
        if (key[later] !== key[earlier] || this.#rank(earlier) >= this.#rank(later)) continue;
        const isUnread = this.#order.place[later]! < 0;
        const shown = this.#shown(this.#reads.ofBeginning(isUnread ? earlier : later, names.nodes), names);
        const did =
          `${names.nameOf(to)} appended ${this.#element(later)} to ${this.#name(later)} after ` +
          `${names.nameOf(from)} had appended ${this.#element(earlier)}`;
        const why = isUnread ? `, and ${this.#unread(later)}` : "";
        return { text: `${did}${shown.text}${why}`, shownBy: shown.shownBy };
      }
    }
    return null;
  }

  #readWrote(from: number, to: number, names: CycleNames): ToldRelation | null {
    const { key } = this.#txns;
    for (const append of this.#operations(to, 1)) {
      for (const read of this.#operations(from, 0)) {
        const end = this.#order.end[read]!;
        if (key[append] !== key[read] || end === NOWHERE || this.#rank(append) < end) continue;
        const did =
          `${names.nameOf(from)} read ${this.#seen(read)}, and ${names.nameOf(to)} appended ` +
          `${this.#element(append)} only after that state`;
        if (this.#order.place[append]! < 0) {
          return { text: `${did} (${this.#unread(append)})`, shownBy: [] };
        }
        // A list that is a beginning of the others shows by itself that what it lacks came later.
        const shown = this.#order.oddSource.has(read)
          ? this.#shown(this.#reads.ofBeginning(append, names.nodes), names)
          : { text: "", shownBy: [] };
        return { text: `${did}${shown.text}`, shownBy: shown.shownBy };
      }
    }
    return null;
  }

  /** `, as operation 5 read x = [1,2]`. */
  #shown(read: number, { nameOf }: CycleNames): ToldRelation {
    if (read < 0) return { text: "", shownBy: [] };
    const reader = this.#txns.owner[read]!;
    return { text: `, as ${nameOf(reader)} read ${this.#seen(read)}`, shownBy: [reader] };
  }

  /** Places rank appends; what nobody read comes after everything that was read. */
  #rank(append: number): number {
    const place = this.#order.place[append]!;
    return place < 0 ? Number.POSITIVE_INFINITY : place;
  }

  #unread(append: number): string {
    return `no read shows ${this.#element(append)}, so it came after all that was read`;
  }

  #element(append: number): string {
    return valueText(elementAppended(this.#txns, append));
  }

  #name(at: number): string {
    return keyText(this.#txns.keys[this.#txns.key[at]!]!);
  }

  #seen(read: number): string {
    return seenText(this.#txns.keys[this.#txns.key[read]!]!, listRead(this.#txns, read));
  }
}
