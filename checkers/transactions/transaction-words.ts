import { evidenceOf, operationName, valueText } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import type { Json } from "../history/operation.ts";

/** What is needed to name a transaction. */
interface Named {
  readonly history: History;
  readonly invocation: Int32Array;
}

/** The row that shows a transaction: its completion where there is one. */
export function rowOf({ history, invocation }: Named, transaction: number): number {
  return evidenceOf(history, invocation[transaction]!);
}

/** `operation 14`: how proofs refer to a transaction. */
export function transactionName(named: Named, transaction: number): string {
  return operationName(named.history, rowOf(named, transaction));
}

/** A key in a proof; a text keeps its quotes only where it could be taken for something else. */
export function keyText(key: string | number): string {
  if (typeof key === "string" && key.startsWith("\u0000")) return clippedText(key.replace(/^\0/, ""));
  return typeof key === "string" && /^[A-Za-z_][\w/.-]*$/.test(key) ? clippedText(key) : valueText(key);
}

/** `x = [1,2]`: what was seen of a key. */
export function seenText(key: string | number, value: Json): string {
  return `${keyText(key)} = ${valueText(value)}`;
}
