/** A form in which a history can be written; `docs/checkers/formats.md` describes each. */
export type HistoryFormat =
  | "ndjson"
  | "jepsen-edn"
  | "jepsen-json"
  | "etcd-log"
  | "porcupine-kv"
  | "isolation-text";

/** Every format that is read, our own first. */
export const historyFormats: readonly HistoryFormat[] = [
  "ndjson",
  "jepsen-edn",
  "jepsen-json",
  "etcd-log",
  "porcupine-kv",
  "isolation-text",
];

/** Does the order of the lines of such a file say anything about time? */
export function hasRealTime(format: HistoryFormat): boolean {
  return format !== "isolation-text";
}

/** Do lines of such a file bear the time at which they happened? */
export function hasTimes(format: HistoryFormat): boolean {
  return format !== "isolation-text" && format !== "etcd-log";
}
