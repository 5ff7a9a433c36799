import { operationName } from "../history/describe-operation.ts";
import { FAIL, type History, INFO, OK } from "../history/history.ts";
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
  /** The amounts before any move; null where they are not known. */
  readonly start: ShownAmounts | null;
  /** Moves that were asked for. */
  readonly moves: number;
  /** Of these those that were acknowledged. */
  readonly acknowledged: number;
  readonly finalReads: number;
  /** Why something cannot be understood; null where everything can. */
  readonly unclear: string | null;
}

/** How an invocation ended; one that never ended is as unknown as an `info`. */
export function outcomeOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate < 0 ? INFO : history.type[mate]!;
}

/** Collects the facts of one stock. `rows` are its invocations. Linear. */
export function collectStock(history: History, rows: Int32Array, model: StockModel): StockFacts {
  const creates: number[] = [];
  let firstMove = Number.POSITIVE_INFINITY;
  let firstRead: ShownAmounts | null = null;
  let moves = 0;
  let acknowledged = 0;
  let moved = 0;
  let finalReads = 0;
  let unclear: string | null = null;
  for (const row of rows) {
    const role = model.roles[history.f[row]!]!;
    const outcome = outcomeOf(history, row);
    if (role === READ) {
      if (outcome !== OK) continue;
      const mate = history.mate[row]!;
      if (history.final[row] === 1) finalReads++;
      const amounts = amountsShown(history.value[mate], model);
      if (amounts === MALFORMED) {
        unclear ??= `${operationName(history, mate)} does not show whole numbers of ${model.amounts.join(", ")}`;
      } else if (amounts !== NOTHING && firstRead === null && mate < firstMove)
        firstRead = { row: mate, amounts };
    } else if (role === CREATE) {
      if (outcome === OK) creates.push(row);
    } else {
      moves++;
      if (outcome === FAIL) continue;
      firstMove = Math.min(firstMove, row);
      if (outcome === OK) acknowledged++;
      const quantity = quantityOf(history.value[row], model);
      if (quantity === null) unclear ??= `${operationName(history, row)} does not say how many`;
      else moved += quantity;
    }
  }
  if (!Number.isSafeInteger(moved))
    unclear ??= "together its moves are about more than can be counted exactly";
  const [create, again] = creates;
  if (again !== undefined) unclear ??= `${operationName(history, history.mate[again]!)} creates it once more`;
  // A read that ended before the first move was sent cannot have been overtaken by it.
  const read = firstRead !== null && firstRead.row < firstMove ? firstRead : null;
  const start = create === undefined ? read : created(history, create, model);
  return { start, moves, acknowledged, finalReads, unclear };
}

/** Instead of amounts: nothing was found. */
export const NOTHING = "nothing";
/** Instead of amounts: there is something, but no whole numbers. */
export const MALFORMED = "malformed";

/** The amounts in a read's value. */
export function amountsShown(
  value: Json | undefined,
  model: StockModel,
): readonly number[] | typeof NOTHING | typeof MALFORMED {
  if (value === undefined || value === null) return NOTHING;
  const amounts: number[] = [];
  for (const name of model.amounts) {
    const amount = fieldOf(value, name);
    if (typeof amount !== "number" || !Number.isSafeInteger(amount)) return MALFORMED;
    amounts.push(amount);
  }
  return amounts;
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
