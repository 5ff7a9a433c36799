import { operationName } from "../history/describe-operation.ts";
import { FAIL, type History, INFO, INVOKE, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { type RowsByKey, rowsByKey } from "../history/rows-by-key.ts";
import type { BudgetWatch } from "../within-budget.ts";
import { CREATE, READ, type StockModel } from "./stock-model.ts";

/** The amounts that a completion shows. */
export interface ShownAmounts {
  readonly row: number;
  readonly amounts: readonly number[];
}

/** What must be known of a stock before its operations can be gone through. */
export interface StockFacts {
  /** Moves that were asked for. */
  moves: number;
  /** Of these those that were acknowledged. */
  acknowledged: number;
  /** Together, without those that were refused. */
  moved: number;
  /** First invocation of a move that may have happened; infinite where there is none. */
  firstMove: number;
  reads: number;
  finalReads: number;
  /** Completions of reads that show an amount below zero. */
  readonly negative: number[];
  /** The amounts before any move; null where they are not known. */
  start: ShownAmounts | null;
  /** Invocation of the acknowledged creation; −1. */
  create: number;
  /** Why something cannot be understood; null where everything can. */
  unclear: string | null;
}

/**
 * The operations of a history key by key, in columns beside `rows` of {@link RowsByKey}. What a stock needs
 * of its operations lies together, so that going through one stock after the other is not slowed down by
 * operations that lie all over the history.
 */
export interface StockOperations extends RowsByKey {
  /** Role of the function that was called. */
  readonly role: Int8Array;
  /** How it ended; what never ended is INFO. */
  readonly outcome: Int8Array;
  /** Row of the completion; −1. */
  readonly end: Int32Array;
  /** Quantity of a move; sum of the amounts that a read shows. NaN where there is none. */
  readonly amount: Float64Array;
  /** By position in `keys`. */
  readonly facts: readonly StockFacts[];
}

/** Collects the operations of every stock, going through the history in its own order. Linear. */
export function collectStocks(history: History, model: StockModel, watch: BudgetWatch): StockOperations {
  const grouped = rowsByKey(history, model.roles);
  const total = grouped.rows.length;
  const operations: StockOperations = {
    ...grouped,
    role: new Int8Array(total),
    outcome: new Int8Array(total),
    end: new Int32Array(total),
    amount: new Float64Array(total),
    facts: grouped.keys.map(emptyFacts),
  };
  const positionOf = new Int32Array(history.keys.length + 1);
  for (const [position, key] of grouped.keys.entries()) positionOf[key + 1] = position;
  const next = grouped.starts.slice();
  const amounts: number[] = [];
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    if (history.type[row] !== INVOKE) continue;
    const role = model.roles[history.f[row]!]!;
    if (role < 0) continue;
    const position = positionOf[history.key[row]! + 1]!;
    const facts = operations.facts[position]!;
    const at = next[position]!++;
    const end = history.mate[row]!;
    const outcome = end < 0 ? INFO : history.type[end]!;
    operations.role[at] = role;
    operations.outcome[at] = outcome;
    operations.end[at] = end;
    if (role === CREATE) collectCreate(history, facts, row, outcome);
    else if (role !== READ) operations.amount[at] = collectMove(history, model, facts, row, outcome);
    else if (outcome === OK) operations.amount[at] = collectRead(history, model, facts, row, amounts);
  }
  for (const facts of operations.facts) settleStart(history, model, facts);
  return operations;
}

function emptyFacts(): StockFacts {
  return {
    moves: 0,
    acknowledged: 0,
    moved: 0,
    firstMove: Number.POSITIVE_INFINITY,
    reads: 0,
    finalReads: 0,
    negative: [],
    start: null,
    create: -1,
    unclear: null,
  };
}

function collectRead(
  history: History,
  model: StockModel,
  facts: StockFacts,
  row: number,
  amounts: number[],
): number {
  const mate = history.mate[row]!;
  const isFinal = history.final[row] === 1;
  if (isFinal) facts.finalReads++;
  const kind = takeAmounts(history.value[mate], model, amounts);
  if (kind === "malformed") {
    facts.unclear ??= `${operationName(history, mate)} does not show whole numbers of ${model.amounts.join(", ")}`;
  } else if (kind === "nothing" && isFinal) {
    facts.unclear ??= `${operationName(history, mate)}, a final read, finds nothing`;
  }
  if (kind !== "amounts") return Number.NaN;
  facts.reads++;
  let sum = 0;
  let isNegative = false;
  for (const amount of amounts) {
    sum += amount;
    if (amount < 0) isNegative = true;
  }
  if (isNegative) facts.negative.push(mate);
  if (row < facts.firstMove && mate < (facts.start?.row ?? history.length)) {
    facts.start = { row: mate, amounts: [...amounts] };
  }
  return sum;
}

function collectCreate(history: History, facts: StockFacts, row: number, outcome: number): void {
  if (outcome !== OK) return;
  if (facts.create < 0) facts.create = row;
  else facts.unclear ??= `${operationName(history, history.mate[row]!)} creates it once more`;
}

function collectMove(
  history: History,
  model: StockModel,
  facts: StockFacts,
  row: number,
  outcome: number,
): number {
  facts.moves++;
  const quantity = quantityOf(history.value[row], model);
  if (outcome === FAIL) return quantity ?? Number.NaN;
  if (facts.firstMove > row) facts.firstMove = row;
  if (outcome === OK) facts.acknowledged++;
  if (quantity === null) facts.unclear ??= `${operationName(history, row)} does not say how many`;
  else facts.moved += quantity;
  return quantity ?? Number.NaN;
}

/** Amounts up to here are added and told apart exactly, by whichever move. */
const movedMax = 2 ** 48;

/** What was created goes before what was read; a read that the first move can have overtaken says nothing. */
function settleStart(history: History, model: StockModel, facts: StockFacts): void {
  if (facts.create >= 0) facts.start = created(history, facts.create, model);
  else if (facts.start !== null && facts.start.row > facts.firstMove) facts.start = null;
  if (facts.moved > movedMax) {
    facts.unclear ??= "together its moves are about more than can be counted exactly";
  }
}

/** What a read's value turned out to be. */
export type ShownKind = "amounts" | "nothing" | "malformed";

/** Puts the amounts in a read's value into `amounts`: a list for each read would be mostly garbage. */
export function takeAmounts(value: Json | undefined, model: StockModel, amounts: number[]): ShownKind {
  if (value === undefined || value === null) return "nothing";
  for (let at = 0; at < model.amounts.length; at++) {
    const amount = fieldOf(value, model.amounts[at]!);
    if (typeof amount !== "number" || !Number.isSafeInteger(amount)) return "malformed";
    amounts[at] = amount;
  }
  return "amounts";
}

/** How many a move is about: the quantity field, or the value itself; null where that is no amount. */
function quantityOf(value: Json | undefined, model: StockModel): number | null {
  const quantity = typeof value === "number" ? value : fieldOf(value, model.quantity);
  if (typeof quantity !== "number" || !Number.isSafeInteger(quantity) || quantity < 0) return null;
  return quantity;
}

function created(history: History, create: number, model: StockModel): ShownAmounts | null {
  const row = history.mate[create]!;
  const amounts = namedAmounts(history.value[row], model) ?? namedAmounts(history.value[create], model);
  return amounts === null ? null : { row, amounts };
}

/** As in a read, but what is not named is 0; null where nothing is named, or something that is no amount. */
function namedAmounts(value: Json | undefined, model: StockModel): readonly number[] | null {
  let isNamed = false;
  const amounts: number[] = [];
  for (const name of model.amounts) {
    const amount = fieldOf(value, name);
    if (amount !== undefined) isNamed = true;
    if (amount !== undefined && (typeof amount !== "number" || !Number.isSafeInteger(amount))) return null;
    amounts.push(amount ?? 0);
  }
  return isNamed ? amounts : null;
}
