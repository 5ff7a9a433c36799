import { operationName } from "../history/describe-operation.ts";
import { FAIL, type History, INFO, INVOKE, OK } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
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
  finalReads: number;
  /** The amounts before any move; null where they are not known. */
  start: ShownAmounts | null;
  /** Invocation of the acknowledged creation; −1. */
  create: number;
  /** Why something cannot be understood; null where everything can. */
  unclear: string | null;
}

/** How an invocation ended; one that never ended is as unknown as an `info`. */
export function outcomeOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate < 0 ? INFO : history.type[mate]!;
}

/** Collects the facts of every stock; position `k + 1` belongs to key `k`, position 0 to no key. Linear. */
export function collectStocks(history: History, model: StockModel): readonly (StockFacts | undefined)[] {
  const byKey: (StockFacts | undefined)[] = new Array(history.keys.length + 1).fill(undefined);
  const amounts: number[] = [];
  for (let row = 0; row < history.length; row++) {
    if (history.type[row] !== INVOKE) continue;
    const role = model.roles[history.f[row]!]!;
    if (role < 0) continue;
    const slot = history.key[row]! + 1;
    let facts = byKey[slot];
    if (facts === undefined) {
      facts = emptyFacts();
      byKey[slot] = facts;
    }
    if (role === READ) collectRead(history, model, facts, row, amounts);
    else if (role === CREATE) collectCreate(history, facts, row);
    else collectMove(history, model, facts, row);
  }
  for (const facts of byKey) if (facts !== undefined) settleStart(history, model, facts);
  return byKey;
}

function emptyFacts(): StockFacts {
  return {
    moves: 0,
    acknowledged: 0,
    moved: 0,
    firstMove: Number.POSITIVE_INFINITY,
    finalReads: 0,
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
): void {
  const mate = history.mate[row]!;
  if (mate < 0 || history.type[mate] !== OK) return;
  if (history.final[row] === 1) facts.finalReads++;
  const kind = takeAmounts(history.value[mate], model, amounts);
  if (kind === "malformed") {
    facts.unclear ??= `${operationName(history, mate)} does not show whole numbers of ${model.amounts.join(", ")}`;
  } else if (kind === "amounts" && row < facts.firstMove && mate < (facts.start?.row ?? history.length)) {
    facts.start = { row: mate, amounts: [...amounts] };
  }
}

function collectCreate(history: History, facts: StockFacts, row: number): void {
  if (outcomeOf(history, row) !== OK) return;
  if (facts.create < 0) facts.create = row;
  else facts.unclear ??= `${operationName(history, history.mate[row]!)} creates it once more`;
}

function collectMove(history: History, model: StockModel, facts: StockFacts, row: number): void {
  facts.moves++;
  const outcome = outcomeOf(history, row);
  if (outcome === FAIL) return;
  if (facts.firstMove > row) facts.firstMove = row;
  if (outcome === OK) facts.acknowledged++;
  const quantity = quantityOf(history.value[row], model);
  if (quantity === null) facts.unclear ??= `${operationName(history, row)} does not say how many`;
  else facts.moved += quantity;
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
export function quantityOf(value: Json | undefined, model: StockModel): number | null {
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
