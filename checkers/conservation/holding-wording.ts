import { keyName, nodeName, operationName } from "../history/describe-operation.ts";
import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";

/** A good whose holdings are not what is due. */
export interface WrongBalance {
  /** Position in `history.keys`. */
  readonly key: number;
  /** Rows of its records. */
  readonly holdings: readonly number[];
  readonly dues: readonly number[];
  readonly held: bigint;
  readonly due: bigint;
}

/** Records that a proof tells one by one. */
const toldMax = 6;

/** `of pieces/7 inventory holds 3 (stock, record 40) …, together 7; due are 10 (…): 3 are missing`. */
export function balanceProof(history: History, { key, holdings, dues, held, due }: WrongBalance): string {
  const gap = held < due ? `${due - held} are missing` : `${held - due} are too many`;
  return (
    `of ${keyName(history, key)} ${told(history, holdings)} are held, together ${held}; ` +
    `due are ${told(history, dues)}, together ${due}: ${gap}`
  );
}

/** `inventory holds -2 of pieces/7 (stock, record 12)`. */
export function negativeProof(history: History, row: number): string {
  const good = keyName(history, history.key[row]!);
  return `${nodeName(history, row)} holds ${amountText(history, row)} of ${good} (${nameOf(history, row)})`;
}

function told(history: History, rows: readonly number[]): string {
  const parts = rows
    .slice(0, toldMax)
    .map((row) => `${amountText(history, row)} by ${nodeName(history, row)} (${nameOf(history, row)})`);
  if (rows.length > toldMax) parts.push(`what ${rows.length - toldMax} more records say`);
  return parts.join(" + ");
}

function amountText(history: History, row: number): string {
  return String(fieldOf(history.value[row], "amount"));
}

function nameOf(history: History, row: number): string {
  const of = fieldOf(history.value[row], "of");
  return typeof of === "string" ? `${of}, ${operationName(history, row)}` : operationName(history, row);
}
