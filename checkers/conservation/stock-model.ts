import { type FunctionNames, functionRoles } from "../history/function-roles.ts";
import type { History } from "../history/history.ts";

/** An operation that moves an amount: out of one field, into another, or both. */
export interface StockMove {
  readonly function: FunctionNames;
  /** Field that becomes less; absent: the amount comes from outside. */
  readonly from?: string;
  /** Field that becomes more; absent: the amount goes away. */
  readonly to?: string;
}

/** Names of the functions, where they differ from the default (the field's own name). */
export interface StockFunctions {
  readonly read?: FunctionNames;
  readonly create?: FunctionNames;
  readonly reserve?: FunctionNames;
  readonly release?: FunctionNames;
  readonly ship?: FunctionNames;
  readonly restock?: FunctionNames;
}

/** Names of the fields of values, where they differ from the default (the field's own name). */
export interface StockFields {
  readonly stock?: string;
  readonly reserved?: string;
  readonly shipped?: string;
  /** How many a move is about. */
  readonly quantity?: string;
}

/** A move by positions of its fields in `amounts`, −1 where it has none. */
export interface ModelMove {
  readonly from: number;
  readonly to: number;
}

/** What the numbers of a history mean. */
export interface StockModel {
  /** Fields of a read that hold amounts. */
  readonly amounts: readonly string[];
  readonly moves: readonly ModelMove[];
  readonly quantity: string;
  /** For each function of the history: {@link READ}, {@link CREATE}, a move from {@link FIRST_MOVE} on, −1. */
  readonly roles: Int8Array;
  /** Codes of a refusal that claims that there was too little. */
  readonly refusalCodes: ReadonlySet<string>;
}

/** Role of a function that returns the amounts. */
export const READ = 0;
/** Role of a function that tells the amounts at the start. */
export const CREATE = 1;
/** Role of the first move; the role of move `m` is this plus `m`. */
export const FIRST_MOVE = 2;

/** What tells a model. */
export interface StockModelOptions {
  readonly functions?: StockFunctions;
  readonly fields?: StockFields;
  /** Instead of reserve, release, ship and restock. The fields that it names are the amounts. */
  readonly moves?: readonly StockMove[];
  readonly refusalCodes?: readonly string[];
}

/** The model that the options describe, for the functions of one history. */
export function stockModel(history: History, options: StockModelOptions): StockModel {
  const moves = options.moves ?? defaultMoves(options);
  const names = moves.flatMap(({ from, to }) => [from, to]).filter((name) => name !== undefined);
  const amounts = [...new Set(names)];
  return {
    amounts,
    moves: moves.map(({ from, to }) => ({
      from: from === undefined ? -1 : amounts.indexOf(from),
      to: to === undefined ? -1 : amounts.indexOf(to),
    })),
    quantity: options.fields?.quantity ?? "quantity",
    roles: functionRoles(history, [
      options.functions?.read ?? "read",
      options.functions?.create ?? "create",
      ...moves.map((move) => move.function),
    ]),
    refusalCodes: new Set(options.refusalCodes ?? ["insufficient", "insufficient-stock", "out-of-stock"]),
  };
}

function defaultMoves({ functions = {}, fields = {} }: StockModelOptions): readonly StockMove[] {
  const { stock = "stock", reserved = "reserved", shipped = "shipped" } = fields;
  return [
    { function: functions.reserve ?? "reserve", from: stock, to: reserved },
    { function: functions.release ?? "release", from: reserved, to: stock },
    { function: functions.ship ?? "ship", from: reserved, to: shipped },
    { function: functions.restock ?? "restock", to: stock },
  ];
}
