import type { AnomalyList } from "../anomaly-list.ts";
import { keyName, nodeName, recordNames } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import type { History } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { functionNumber, isRecord } from "../records/records-by-key.ts";

/**
 * Finds steps that were done twice for one key, or undone twice, by the final records `effect`. Answers how many of these
 * cannot be read. Linear.
 */
export function repeatedEffects(history: History, anomalies: AnomalyList): number {
  const f = functionNumber(history, "effect");
  const firstOf = new Map<string, number>();
  let unreadable = 0;
  for (let row = 0; row < history.length; row++) {
    if (!isRecord(history, row, f, "final")) continue;
    const value = history.value[row];
    const step = fieldOf(value, "step");
    const kind = fieldOf(value, "kind");
    if (typeof step !== "string" || (kind !== "do" && kind !== "undo")) {
      unreadable++;
      continue;
    }
    const name = `${history.key[row]!} ${kind} ${step}`;
    const first = firstOf.get(name);
    if (first === undefined) {
      firstOf.set(name, row);
      continue;
    }
    const key = history.key[row]!;
    const proof = () =>
      `${nodeName(history, row)} ${kind === "do" ? "did" : "undid"} "${clippedText(step)}" for ${keyName(history, key)} more than once (${recordNames(history, [first, row])})`;
    anomalies.add({ type: "repeated-effect", key, rows: [first, row], proof });
  }
  return unreadable;
}
