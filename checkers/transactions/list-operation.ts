import type { Json } from "../history/operation.ts";
import type { ListTransactions } from "./list-transactions.ts";
import { COMMITTED } from "./register-transactions.ts";

const nothing: readonly Json[] = [];

/** The list that a read returned; empty where it returned nothing. */
export function listRead(txns: ListTransactions, read: number): readonly Json[] {
  const given = microOperation(txns, read)[2];
  return Array.isArray(given) ? (given as readonly Json[]) : nothing;
}

/** The element that an append appended. */
export function elementAppended(txns: ListTransactions, append: number): Json {
  return microOperation(txns, append)[2] ?? null;
}

function microOperation(txns: ListTransactions, at: number): readonly Json[] {
  const { history, owner, outcome, completion, invocation, starts } = txns;
  const transaction = owner[at]!;
  const told = outcome[transaction] === COMMITTED ? history.value[completion[transaction]!] : undefined;
  const value = (told ?? history.value[invocation[transaction]!]) as readonly (readonly Json[])[];
  return value[at - starts[transaction]!]!;
}
