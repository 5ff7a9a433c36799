import { keyName, operationName, sessionName } from "../history/describe-operation.ts";
import { clippedText } from "../history/excerpt.ts";
import { fieldOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import type { ProjectionTask } from "./projection-task.ts";

/** The name of an entity as a list shows it: by itself, or as the `key` of an object. */
export function listedName(entry: Json): string {
  return String(typeof entry === "object" ? fieldOf(entry, "key") : entry);
}

/** With `listOrder`: adds the first two entities of a list that stand in the wrong order. Linear. */
export function checkListOrder(
  { history, options, anomalies }: ProjectionTask,
  row: number,
  list: readonly Json[],
): void {
  const { listOrder } = options;
  if (listOrder === undefined) return;
  const names = list.map(listedName);
  const at = names.findIndex((name, place) => place > 0 && listOrder(names[place - 1]!, name) > 0);
  if (at < 0) return;
  const proof = () =>
    `${sessionName(history, row)} was shown ${clippedText(String(names[at - 1]))} before ${clippedText(String(names[at]))} in ` +
    `${keyName(history, history.key[row]!)} (${operationName(history, row)}), against the order of the list`;
  anomalies.add({ type: "list-unordered", key: history.key[row]!, rows: [row], proof });
}
