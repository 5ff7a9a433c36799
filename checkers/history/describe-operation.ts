import type { History } from "./history.ts";
import type { Json } from "./operation.ts";

/** Longest value in a proof, in characters. */
const valueLength = 80;

/** The row that is the evidence of an operation: its completion where there is one. */
export function evidenceOf(history: History, invocation: number): number {
  const mate = history.mate[invocation]!;
  return mate < 0 ? invocation : mate;
}

/** `operation 14`: how proofs refer to a row of the history. */
export function operationName(history: History, row: number): string {
  return `operation ${history.index[row]!}`;
}

/** `client 2`, or `process 7` where no client is known. */
export function sessionName(history: History, row: number): string {
  return history.sessions[history.session[row]!]!;
}

/** The key in words: `user/7`, or `the entity` where operations name no key. */
export function keyName(history: History, key: number): string {
  return key < 0 ? "the entity" : history.keys[key]!;
}

/** A value as JSON, shortened; `nothing` where there is none. */
export function valueText(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= valueLength ? text : `${text.slice(0, valueLength)}…`;
}
