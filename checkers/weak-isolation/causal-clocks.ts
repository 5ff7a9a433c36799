import type { HappensBefore } from "./happens-before.ts";
import type { SessionChains } from "./session-chains.ts";

/** Rows shorter than this are copied number by number: a call costs more. */
const shortRow = 64;

/**
 * For each transaction and each of some chains the last position in the chain that happened before the
 * transaction, 0 where none did. Chains are independent of each other, so some can be taken at a time:
 * `room` numbers are kept at once, of 2 bytes where no chain is longer than those can count.
 */
export class CausalClocks {
  /** How many chains are taken at a time. */
  readonly width: number;
  /** The positions, `width` of them for each transaction. Changed in place. */
  readonly rows: Uint16Array | Int32Array;
  /** First chain of those that are taken now. */
  first = 0;
  readonly #before: HappensBefore;
  readonly #chains: SessionChains;
  /** 1 for each predecessor of which is known that another one has seen it: it adds nothing. */
  readonly #isImplied: Uint8Array;

  /** Clocks of `transactions` transactions, of no chains yet. */
  constructor(transactions: number, chains: SessionChains, before: HappensBefore, room: number) {
    this.#before = before;
    this.#chains = chains;
    const count = Math.max(1, transactions);
    this.width = Math.max(1, Math.min(chains.count, Math.floor(room / count)));
    const isShort = longestChain(chains) < 2 ** 16;
    this.rows = isShort ? new Uint16Array(count * this.width) : new Int32Array(count * this.width);
    this.#isImplied = new Uint8Array(before.predecessors.length);
  }

  /** Computes the row of `t`. The rows of all that happened before it must have been computed for these chains. */
  fill(t: number): void {
    const { rows, width, first } = this;
    const { starts, predecessors } = this.#before;
    const { chain, position } = this.#chains;
    const own = t * width;
    const from = starts[t]!;
    const to = starts[t + 1]!;
    if (from === to) rows.fill(0, own, own + width);
    for (let at = from; at < to; at++) {
      const p = predecessors[at]!;
      const other = p * width;
      const column = chain[p]! - first;
      const isHere = column >= 0 && column < width;
      if (at === from) {
        if (width >= shortRow) rows.copyWithin(own, other, other + width);
        else for (let place = 0; place < width; place++) rows[own + place] = rows[other + place]!;
      } else {
        if (this.#isImplied[at] === 1) continue;
        if (isHere && rows[own + column]! >= position[p]!) {
          this.#isImplied[at] = 1;
          continue;
        }
        for (let place = 0; place < width; place++) {
          const seen = rows[other + place]!;
          if (seen > rows[own + place]!) rows[own + place] = seen;
        }
      }
      if (isHere && position[p]! > rows[own + column]!) rows[own + column] = position[p]!;
    }
  }

  /** Did `w`, of one of the chains that are taken now, happen before `t`? */
  isBefore(w: number, t: number): boolean {
    const column = this.#chains.chain[w]! - this.first;
    return this.#chains.position[w]! <= this.rows[t * this.width + column]!;
  }
}

function longestChain({ starts, count }: SessionChains): number {
  let longest = 0;
  for (let c = 0; c < count; c++) longest = Math.max(longest, starts[c + 1]! - starts[c]!);
  return longest;
}
