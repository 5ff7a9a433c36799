import { clippedText } from "./excerpt.ts";
import { type History, RECORD } from "./history.ts";
import type { Json } from "./operation.ts";

/** The row that is the evidence of an operation: its completion where there is one. */
export function evidenceOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate < 0 ? invocation : mate;
}

/** `operation 14` or `record 14`: how proofs refer to a row of the history. */
export function operationName(history: History, row: number): string {
  return `${history.type[row] === RECORD ? "record" : "operation"} ${history.index[row]!}`;
}

/** `records 41 and 57`, `records 3, 4 and 9`: several records of the history in one breath. */
export function recordNames(history: History, rows: readonly number[]): string {
  const numbers = rows.map((row) => String(history.index[row]!));
  const last = numbers.pop() ?? "";
  return numbers.length === 0 ? `record ${last}` : `records ${numbers.join(", ")} and ${last}`;
}

/** `client 2`, or `process 7` where no client is known; of a record the node, for it has no session. */
export function sessionName(history: History, row: number): string {
  const session = history.session[row]!;
  return session < 0 ? nodeName(history, row) : clippedText(history.sessions[session]!);
}

/** The service or store of a row, `some node` where it is not named. */
export function nodeName(history: History, row: number): string {
  const node = history.node[row]!;
  return node < 0 ? "some node" : clippedText(history.nodes[node]!);
}

/** The key in words: `user/7`, or `the entity` where operations name no key; shortened. */
export function keyName(history: History, key: number): string {
  return clippedText(wholeKeyName(history, key));
}

/** The key in words, however long it is: for comparing, not for proofs. */
export function wholeKeyName(history: History, key: number): string {
  return key < 0 ? "the entity" : history.keys[key]!;
}

/** A value as JSON, shortened; `nothing` where there is none. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  return clippedText(JSON.stringify(value));
}
