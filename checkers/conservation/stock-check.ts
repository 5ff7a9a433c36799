import type { AnomalyList } from "../anomaly-list.ts";
import { CompletionQueue } from "../history/completion-queue.ts";
import { FAIL, type History, INFO, OK } from "../history/history.ts";
import { isExplained } from "./effect-search.ts";
import { type ShownAmounts, type StockOperations, takeAmounts } from "./stock-facts.ts";
import { StockLedger } from "./stock-ledger.ts";
import { CREATE, FIRST_MOVE, READ, type StockModel } from "./stock-model.ts";
import { addFalseRefusal, addLedgerMismatch, addSumChanged } from "./stock-wording.ts";

/** One stock to be judged. */
export interface StockTask {
  readonly history: History;
  readonly model: StockModel;
  readonly operations: StockOperations;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** The amounts before any move. */
  readonly start: ShownAmounts;
  readonly anomalies: AnomalyList;
}

/** Most differences that are kept while a final read is explained. */
export const statesMax = 50_000;

/** Judges one stock, its invocations and completions in the order of the history. */
export class StockCheck {
  readonly #task: StockTask;
  readonly #ledger: StockLedger;
  readonly #startSum: number;
  /** By operation, a final read: what had been acknowledged when it was sent, by class. */
  readonly #acknowledgedAt = new Map<number, number[]>();
  /** By operation, a refused move: what had certainly been added when it was sent. */
  readonly #gainedAt = new Map<number, number>();
  /** Operations that have a completion still to come. */
  readonly #underWay = new CompletionQueue<number>();
  #unclear: string | null = null;

  /** Nothing is judged before {@link run}. */
  constructor(task: StockTask) {
    this.#task = task;
    this.#ledger = new StockLedger(task.model.moves, task.model.amounts.length);
    this.#startSum = total(task.start.amounts);
  }

  /** Goes through the operations from position `from` up to `to`; says why something was not decided, or null. */
  run(from: number, to: number): string | null {
    const { rows, end } = this.#task.operations;
    for (let at = from; at < to; at++) {
      this.#completeBefore(rows[at]!);
      this.#send(at);
      if (end[at]! >= 0) this.#underWay.push(end[at]!, at);
    }
    this.#completeBefore(this.#task.history.length);
    return this.#unclear;
  }

  #completeBefore(row: number): void {
    const queue = this.#underWay;
    for (let at = queue.popBefore(row); at !== undefined; at = queue.popBefore(row)) this.#complete(at);
  }

  #send(at: number): void {
    const { history, model, operations } = this.#task;
    const role = operations.role[at]!;
    const outcome = operations.outcome[at]!;
    if (role === CREATE) return;
    if (role === READ) {
      const isFinal = outcome === OK && history.final[operations.rows[at]!] === 1;
      if (isFinal) this.#acknowledgedAt.set(at, this.#ledger.acknowledgedCounts());
    } else if (outcome !== FAIL) this.#ledger.send(role - FIRST_MOVE, operations.amount[at]!);
    else {
      const { from } = model.moves[role - FIRST_MOVE]!;
      if (from >= 0 && this.#isForWant(at)) this.#gainedAt.set(at, this.#ledger.gained[from]!);
    }
  }

  #complete(at: number): void {
    const { operations } = this.#task;
    const role = operations.role[at]!;
    const outcome = operations.outcome[at]!;
    const amount = operations.amount[at]!;
    if (role === CREATE || outcome === INFO || Number.isNaN(amount)) return;
    if (role === READ) {
      if (outcome === OK) this.#read(at, amount);
    } else if (outcome === OK) this.#ledger.acknowledge(role - FIRST_MOVE, amount, operations.rows[at]!);
    else {
      this.#ledger.refuse(role - FIRST_MOVE, amount, operations.rows[at]!);
      const gained = this.#gainedAt.get(at);
      if (gained !== undefined) this.#refusal(at, gained);
    }
  }

  /** Does the refusal claim that there was too little? */
  #isForWant(at: number): boolean {
    const { history, model, operations } = this.#task;
    const code = history.error.get(operations.end[at]!)?.code;
    return code !== undefined && model.refusalCodes.has(code);
  }

  /** A refusal for want of stock is false if there was enough at every moment between question and answer. */
  #refusal(at: number, gained: number): void {
    const { model, operations, start, anomalies } = this.#task;
    this.#gainedAt.delete(at);
    const row = operations.rows[at]!;
    if (start.row > row) return;
    const quantity = operations.amount[at]!;
    const { from } = model.moves[operations.role[at]! - FIRST_MOVE]!;
    const least = start.amounts[from]! + gained - this.#ledger.taken[from]!;
    if (least >= quantity) addFalseRefusal(this.#task, row, model.amounts[from]!, quantity, least, anomalies);
  }

  #read(at: number, sum: number): void {
    const { operations, start } = this.#task;
    const counts = this.#acknowledgedAt.get(at);
    const read = operations.end[at]!;
    if (counts !== undefined) this.#acknowledgedAt.delete(at);
    if (read === start.row) return;
    if (counts === undefined) this.#earlierRead(read, sum);
    else this.#finalRead(read, counts);
  }

  #earlierRead(read: number, sum: number): void {
    const changed = sum - this.#startSum;
    const { sums } = this.#ledger;
    if (changed === 0 || sums?.has(changed) === true) return;
    const reach = this.#ledger.sumReach();
    if (sums === null && changed >= reach.min && changed <= reach.max) {
      this.#unclear ??= "too many moves from outside to tell which sums are possible";
    } else addSumChanged(this.#task, read, sum, reach, this.#task.anomalies);
  }

  #finalRead(read: number, counts: readonly number[]): void {
    const { history, model, start, anomalies } = this.#task;
    const amounts: number[] = [];
    takeAmounts(history.value[read], model, amounts);
    const { classes } = this.#ledger;
    const expected = start.amounts.map((amount, at) =>
      classes.reduce((sum, { effect }, which) => sum + effect[at]! * (counts[which] ?? 0), amount),
    );
    const difference = amounts.map((amount, at) => amount - expected[at]!);
    const optional = this.#ledger.optional(counts);
    const answer = isExplained(difference, optional, statesMax);
    if (answer === "unknown") {
      this.#unclear ??= "too many operations of unknown outcome to tell which amounts are possible";
    } else if (answer === "no") {
      addLedgerMismatch(this.#task, { read, amounts, expected, difference, optional, classes }, anomalies);
    }
  }
}

function total(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}
