import { operationName, sessionName, valueText } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { ABORTED, COMMITTED, type RegisterTransactions } from "../transactions/register-transactions.ts";

/** The row that is the evidence of a transaction: where it ended, or where it began if nobody knows its end. */
export function transactionRow({ completion, invocation }: RegisterTransactions, t: number): number {
  return completion[t]! < 0 ? invocation[t]! : completion[t]!;
}

/** `T14 of client 2 (operation 14)`: a transaction at its first mention, with its outcome where it is not `ok`. */
export function introduced(transactions: RegisterTransactions, t: number): string {
  const { history, outcome } = transactions;
  const row = transactionRow(transactions, t);
  const how = outcome[t] === COMMITTED ? "" : outcome[t] === ABORTED ? ", aborted" : ", outcome unknown";
  return `${named(transactions, t)} of ${sessionName(history, row)} (${operationName(history, row)}${how})`;
}

/** `T14`: a transaction that was introduced. */
export function named(transactions: RegisterTransactions, t: number): string {
  return `T${transactions.history.index[transactionRow(transactions, t)]!}`;
}

/** `x` or `key 7`: the key with that number; `the register` where operations name no key. */
export function keyText({ keys }: RegisterTransactions, key: number): string {
  const name = keys[key]!;
  return name === "" ? "the register" : typeof name === "number" ? `key ${name}` : clippedText(name);
}

/** `3`, or for what is there before any write `nothing` and `the initial 0`. */
export function versionText({ keys, versionValue }: RegisterTransactions, version: number): string {
  const value = versionValue[version];
  if (version >= keys.length) return valueText(value);
  return value === null ? "nothing" : "the initial 0";
}
