import { type EffectClass, reachOf } from "./effect-search.ts";
import type { ModelMove } from "./stock-model.ts";

/** All moves of one kind and quantity, with how many of them were sent, acknowledged and refused so far. */
export interface LedgerClass {
  readonly move: number;
  readonly quantity: number;
  /** What one of them adds to each amount. */
  readonly effect: readonly number[];
  /** Sent, and not refused in the end. */
  sent: number;
  acknowledged: number;
  refused: number;
  /** Invocations: the first that was acknowledged, the first that was refused; −1. */
  firstAcknowledged: number;
  firstRefused: number;
}

/** Most sums that are kept apart; beyond that only their limits count. */
const sumsMax = 4096;

/** Counts the moves of one stock as its history is gone through. Constant time a move, but for sums. */
export class StockLedger {
  readonly classes: LedgerClass[] = [];
  readonly #moves: readonly ModelMove[];
  readonly #amounts: number;
  readonly #byMove = new Map<number, LedgerClass>();
  /** By amount: what was certainly added, and what may have been taken away. */
  readonly gained: number[];
  readonly taken: number[];
  /** What moves from or to outside can have added to the sum; absent: there were none; null: too many to tell. */
  sums: Set<number> | null | undefined;

  constructor(moves: readonly ModelMove[], amounts: number) {
    this.#moves = moves;
    this.#amounts = amounts;
    this.gained = new Array<number>(amounts).fill(0);
    this.taken = new Array<number>(amounts).fill(0);
  }

  /** A move was sent that may happen. */
  send(move: number, quantity: number): void {
    this.#class(move, quantity).sent++;
    const { from, to } = this.#moves[move]!;
    if (from >= 0) this.taken[from]! += quantity;
    if (from < 0 || to < 0) this.#addToSums(from < 0 ? quantity : -quantity);
  }

  /** A move was acknowledged. */
  acknowledge(move: number, quantity: number, invocation: number): void {
    const found = this.#class(move, quantity);
    found.acknowledged++;
    if (found.firstAcknowledged < 0) found.firstAcknowledged = invocation;
    const { to } = this.#moves[move]!;
    if (to >= 0) this.gained[to]! += quantity;
  }

  /** A move was refused. */
  refuse(move: number, quantity: number, invocation: number): void {
    const found = this.#class(move, quantity);
    found.refused++;
    if (found.firstRefused < 0) found.firstRefused = invocation;
  }

  /** By class: how many were acknowledged so far. */
  acknowledgedCounts(): number[] {
    return this.classes.map(({ acknowledged }) => acknowledged);
  }

  /** Moves that may have happened beyond those acknowledged by `counts`. */
  optional(counts: readonly number[]): EffectClass[] {
    return this.classes.map(({ effect, sent }, at) => ({ effect, count: sent - (counts[at] ?? 0) }));
  }

  /** The lowest and highest amount that moves sent so far can have added to the sum. */
  sumReach(): { readonly min: number; readonly max: number } {
    const outside = this.classes.map(({ effect, sent }) => ({
      effect: [effect.reduce((sum, value) => sum + value, 0)],
      count: sent,
    }));
    return reachOf(outside, 0);
  }

  #addToSums(quantity: number): void {
    if (this.sums === null) return;
    this.sums ??= new Set([0]);
    for (const sum of [...this.sums]) this.sums.add(sum + quantity);
    if (this.sums.size > sumsMax) this.sums = null;
  }

  #class(move: number, quantity: number): LedgerClass {
    const name = quantity * this.#moves.length + move;
    const known = this.#byMove.get(name);
    if (known !== undefined) return known;
    const { from, to } = this.#moves[move]!;
    const effect = new Array<number>(this.#amounts).fill(0);
    if (from >= 0) effect[from]! -= quantity;
    if (to >= 0) effect[to]! += quantity;
    const created: LedgerClass = {
      move,
      quantity,
      effect,
      sent: 0,
      acknowledged: 0,
      refused: 0,
      firstAcknowledged: -1,
      firstRefused: -1,
    };
    this.#byMove.set(name, created);
    this.classes.push(created);
    return created;
  }
}
