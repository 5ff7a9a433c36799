import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { type EffectClass, isExplained, reachOf } from "./effect-search.ts";
import type { ShownAmounts } from "./stock-facts.ts";
import type { LedgerClass } from "./stock-ledger.ts";
import type { StockModel } from "./stock-model.ts";

/** The stock that an anomaly is about. */
export interface StockSubject {
  readonly history: History;
  readonly model: StockModel;
  readonly key: number;
}

/** A stock whose amounts at the start are known. */
export interface StartedStock extends StockSubject {
  readonly start: ShownAmounts;
}

/** A final read that no choice of the operations of unknown outcome explains. */
export interface LedgerMismatch {
  readonly read: number;
  readonly amounts: readonly number[];
  /** The amounts after exactly the acknowledged moves. */
  readonly expected: readonly number[];
  /** `amounts` less `expected`. */
  readonly difference: readonly number[];
  readonly optional: readonly EffectClass[];
  readonly classes: readonly LedgerClass[];
}

/** Kinds of moves that are tried as the one that was lost or repeated. */
const suspectsMax = 100;
/** Differences kept while one suspect is tried. */
const suspectStatesMax = 2_000;

/** A read that shows an amount below zero. */
export function addNegative(stock: StockSubject, read: number, anomalies: AnomalyList): void {
  const { history, model, key } = stock;
  const proof = () => {
    const negative = amountsRead(stock, read).findIndex((amount) => amount < 0);
    return `${readText(stock, read)}: ${model.amounts[negative]} is below zero (${operationName(history, read)})`;
  };
  anomalies.add({ type: "negative-amount", key, rows: [read], proof });
}

/** A sum that the moves from and to outside do not explain. */
export function addSumChanged(
  stock: StartedStock,
  read: number,
  sum: number,
  reach: { readonly min: number; readonly max: number },
  anomalies: AnomalyList,
): void {
  const { history, model, key, start } = stock;
  const before = start.amounts.reduce((total, amount) => total + amount, 0);
  const allowed =
    reach.min === reach.max
      ? "no operation can have changed the sum"
      : `what operations can have added does not come to ${sum - before}`;
  const proof = () =>
    `${readText(stock, read)}: together ${sum} (${operationName(history, read)}), but at the start ` +
    `${model.amounts.join(", ")} were together ${before} (${operationName(history, start.row)}), and ${allowed}`;
  anomalies.add({ type: "sum-changed", key, rows: [read, start.row], proof });
}

/** A refusal for want of stock although there certainly was enough. */
export function addFalseRefusal(
  stock: StartedStock,
  invocation: number,
  amount: string,
  quantity: number,
  least: number,
  anomalies: AnomalyList,
): void {
  const { history, key, start } = stock;
  const refusal = history.mate[invocation]!;
  const f = history.functions[history.f[invocation]!]!;
  const proof = () =>
    `${sessionName(history, refusal)} was told that there is too little for its ${f} of ${quantity} of ` +
    `${keyName(history, key)} (${operationName(history, refusal)}), but ${amount} was at least ${least} all the ` +
    `time, counting from ${operationName(history, start.row)} and taking every ${amount} away that any ` +
    "operation of known or unknown outcome can have taken";
  anomalies.add({ type: "false-refusal", key, rows: [refusal, start.row], proof });
}

/**
 * A final read that does not agree with the ledger. Names one operation that explains it by having
 * happened once more, not at all, or although it was refused; else the first amount that is out of reach.
 */
export function addLedgerMismatch(
  stock: StartedStock,
  mismatch: LedgerMismatch,
  anomalies: AnomalyList,
): void {
  const { history, key, start } = stock;
  const { read } = mismatch;
  const suspect = suspectOf(mismatch);
  const shown = () =>
    `the final read of ${keyName(history, key)} shows ${amountsText(stock, mismatch.amounts)} ` +
    `(${operationName(history, read)}), but the acknowledged operations lead to ` +
    `${amountsText(stock, mismatch.expected)}${unknownText(mismatch)}`;
  if (suspect === null) {
    const { type, why } = outOfReach(stock, mismatch);
    const proof = () => `${shown()}: ${why}`;
    anomalies.add({ type, key, rows: [read, start.row], proof });
    return;
  }
  const row = history.mate[suspect.invocation]!;
  const proof = () =>
    `${shown()}: as if the ${clippedText(history.functions[history.f[row]!] ?? "")} of ${suspect.quantity} by ` +
    `${sessionName(history, row)} (${operationName(history, row)}), or another of that quantity, had ${suspect.how}`;
  anomalies.add({ type: suspect.type, key, rows: [read, row], proof });
}

interface Suspect {
  readonly type: string;
  readonly how: string;
  readonly quantity: number;
  readonly invocation: number;
}

function suspectOf({ difference, optional, classes }: LedgerMismatch): Suspect | null {
  const explains = (effect: readonly number[], times: number): boolean => {
    const rest = difference.map((value, amount) => value - times * effect[amount]!);
    return isExplained(rest, optional, suspectStatesMax) === "yes";
  };
  const tried = classes.slice(0, suspectsMax);
  for (const { effect, quantity, firstAcknowledged } of tried) {
    if (firstAcknowledged < 0 || !explains(effect, 1)) continue;
    return {
      type: "effect-repeated",
      how: "taken effect once more",
      quantity,
      invocation: firstAcknowledged,
    };
  }
  for (const { effect, quantity, firstAcknowledged } of tried) {
    if (firstAcknowledged < 0 || !explains(effect, -1)) continue;
    return { type: "effect-lost", how: "not taken effect", quantity, invocation: firstAcknowledged };
  }
  for (const { effect, quantity, firstRefused } of tried) {
    if (firstRefused < 0 || !explains(effect, 1)) continue;
    const how = "taken effect although it was refused";
    return { type: "refused-effect", how, quantity, invocation: firstRefused };
  }
  return null;
}

/** The first amount that is out of reach, amounts that moves only add to first. */
function outOfReach(
  { model }: StockSubject,
  { amounts, difference, optional, expected }: LedgerMismatch,
): { readonly type: string; readonly why: string } {
  const isSink = (amount: number): boolean => model.moves.every(({ from }) => from !== amount);
  const order = amounts.map((_, amount) => amount).sort((a, b) => Number(isSink(b)) - Number(isSink(a)));
  for (const amount of order) {
    const { min, max } = reachOf(optional, amount);
    const rest = difference[amount]!;
    if (rest >= min && rest <= max) continue;
    const isRepeated = isSink(amount) ? rest > max : rest < min;
    const range =
      min === max ? `${expected[amount]! + min}` : `${expected[amount]! + min} to ${expected[amount]! + max}`;
    const why = `${model.amounts[amount]} is ${amounts[amount]}, which should be ${range}`;
    return { type: isRepeated ? "effect-repeated" : "effect-lost", why };
  }
  const why = "no choice of the operations of unknown outcome leads to these amounts together";
  return { type: "amounts-unexplained", why };
}

function unknownText({ optional }: LedgerMismatch): string {
  const count = optional.reduce((sum, { count }) => sum + count, 0);
  if (count === 0) return "";
  return `, and no choice of the ${count} operation${count === 1 ? "" : "s"} that may have happened explains it`;
}

function amountsRead({ history, model }: StockSubject, read: number): number[] {
  return model.amounts.map((name) => Number(fieldOf(history.value[read], name)));
}

function readText(stock: StockSubject, read: number): string {
  const { history, key } = stock;
  return `${sessionName(history, read)} read ${amountsText(stock, amountsRead(stock, read))} of ${keyName(history, key)}`;
}

function amountsText({ model }: StockSubject, amounts: readonly number[]): string {
  return model.amounts.map((name, amount) => `${name} ${amounts[amount]}`).join(", ");
}
