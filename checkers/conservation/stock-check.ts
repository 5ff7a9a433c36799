import type { AnomalyList } from "../anomaly-list.ts";
import { operationName } from "../history/describe-operation.ts";
import { FAIL, type History, INVOKE, OK } from "../history/history.ts";
import { isExplained } from "./effect-search.ts";
import { outcomeOf, quantityOf, type ShownAmounts, takeAmounts } from "./stock-facts.ts";
import { StockLedger } from "./stock-ledger.ts";
import { CREATE, FIRST_MOVE, READ, type StockModel } from "./stock-model.ts";
import { addFalseRefusal, addLedgerMismatch, addNegative, addSumChanged } from "./stock-wording.ts";

/** One stock to be judged. */
export interface StockTask {
  readonly history: History;
  readonly model: StockModel;
  /** Position in `history.keys`, or −1. */
  readonly key: number;
  /** The amounts before any move; null where they are not known. */
  readonly start: ShownAmounts | null;
  readonly anomalies: AnomalyList;
  /** Room for the amounts of one read; shared by all stocks. */
  readonly amounts: number[];
}

/** What was looked at on one stock. */
export interface StockFindings {
  reads: number;
  /** Why something was not decided; null where everything was. */
  unclear: string | null;
}

/** Most differences that are kept while a final read is explained. */
export const statesMax = 50_000;

/** Judges one stock: takes its rows, invocations and completions, in the order of the history. */
export class StockCheck {
  readonly #task: StockTask;
  readonly #ledger: StockLedger;
  /** What was found out so far. */
  readonly findings: StockFindings = { reads: 0, unclear: null };
  /** By invocation of a final read: what had been acknowledged, by class. */
  #acknowledgedAt: Map<number, number[]> | null = null;
  /** By invocation of a refused move: what had certainly been added to the amount that it takes from. */
  #gainedAt: Map<number, number> | null = null;

  /** Nothing is judged before the first row. */
  constructor(task: StockTask) {
    this.#task = task;
    this.#ledger = new StockLedger(task.model.moves, task.model.amounts.length);
  }

  /** Takes the next row, the function of which has `role`. */
  add(row: number, role: number): void {
    const { history } = this.#task;
    const isInvocation = history.type[row] === INVOKE;
    const invocation = isInvocation ? row : history.mate[row]!;
    if (role === READ) this.#read(invocation, isInvocation);
    else if (role !== CREATE) this.#move(invocation, isInvocation, role - FIRST_MOVE);
  }

  #move(invocation: number, isInvocation: boolean, move: number): void {
    const { history, model } = this.#task;
    const quantity = quantityOf(history.value[invocation], model);
    if (quantity === null) return;
    const outcome = outcomeOf(history, invocation);
    const { from } = model.moves[move]!;
    if (outcome === FAIL) {
      if (!isInvocation) this.#ledger.refuse(move, quantity, invocation);
      if (from >= 0 && this.#isForWant(invocation)) this.#refusal(invocation, isInvocation, from, quantity);
    } else if (isInvocation) this.#ledger.send(move, quantity);
    else if (outcome === OK) this.#ledger.acknowledge(move, quantity, invocation);
  }

  /** Does the refusal claim that there was too little? */
  #isForWant(invocation: number): boolean {
    const { history, model } = this.#task;
    const code = history.error.get(history.mate[invocation]!)?.code;
    return code !== undefined && model.refusalCodes.has(code);
  }

  /** A refusal for want of stock is false if there was enough at every moment between question and answer. */
  #refusal(invocation: number, isInvocation: boolean, from: number, quantity: number): void {
    const { history, model, start, key, anomalies } = this.#task;
    if (isInvocation) {
      this.#gainedAt ??= new Map();
      this.#gainedAt.set(invocation, this.#ledger.gained[from]!);
      return;
    }
    const gained = this.#gainedAt?.get(invocation) ?? 0;
    this.#gainedAt?.delete(invocation);
    if (start === null || start.row > invocation) return;
    const least = start.amounts[from]! + gained - this.#ledger.taken[from]!;
    if (least < quantity) return;
    addFalseRefusal(
      { history, model, key, start },
      invocation,
      model.amounts[from]!,
      quantity,
      least,
      anomalies,
    );
  }

  #read(invocation: number, isInvocation: boolean): void {
    const { history, model, start, key, anomalies, amounts } = this.#task;
    if (outcomeOf(history, invocation) !== OK) return;
    const isFinal = history.final[invocation] === 1;
    if (isInvocation) {
      if (!isFinal) return;
      this.#acknowledgedAt ??= new Map();
      this.#acknowledgedAt.set(invocation, this.#ledger.acknowledgedCounts());
      return;
    }
    const read = history.mate[invocation]!;
    const kind = takeAmounts(history.value[read], model, amounts);
    if (kind === "nothing" && isFinal && start !== null) {
      this.findings.unclear ??= `${operationName(history, read)}, a final read, finds nothing`;
    }
    if (kind !== "amounts") return;
    this.findings.reads++;
    const negative = amounts.findIndex((amount) => amount < 0);
    if (negative >= 0) addNegative({ history, model, key }, read, negative, anomalies);
    if (start === null || read === start.row) return;
    if (isFinal) this.#finalRead(invocation, read, [...amounts], start);
    else this.#earlierRead(read, total(amounts), start);
  }

  #earlierRead(read: number, sum: number, start: ShownAmounts): void {
    const { history, model, key, anomalies } = this.#task;
    const changed = sum - total(start.amounts);
    const { sums } = this.#ledger;
    if (changed === 0 || sums?.has(changed) === true) return;
    const reach = this.#ledger.sumReach();
    if (sums === null && changed >= reach.min && changed <= reach.max) {
      this.findings.unclear ??= "too many moves from outside to tell which sums are possible";
    } else addSumChanged({ history, model, key, start }, read, sum, reach, anomalies);
  }

  #finalRead(invocation: number, read: number, amounts: readonly number[], start: ShownAmounts): void {
    const { history, model, key, anomalies } = this.#task;
    const counts = this.#acknowledgedAt?.get(invocation) ?? [];
    this.#acknowledgedAt?.delete(invocation);
    const expected = start.amounts.map((amount, at) =>
      this.#ledger.classes.reduce(
        (sum, { effect }, which) => sum + effect[at]! * (counts[which] ?? 0),
        amount,
      ),
    );
    const difference = amounts.map((amount, at) => amount - expected[at]!);
    const optional = this.#ledger.optional(counts);
    const answer = isExplained(difference, optional, statesMax);
    if (answer === "yes") return;
    if (answer === "unknown") {
      this.findings.unclear ??= "too many operations of unknown outcome to tell which amounts are possible";
      return;
    }
    const mismatch = { read, amounts, expected, difference, optional, classes: this.#ledger.classes };
    addLedgerMismatch({ history, model, key, start }, mismatch, anomalies);
  }
}

/** The sum of all amounts. */
export function total(amounts: readonly number[]): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return sum;
}
