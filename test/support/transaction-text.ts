import type { History } from "../../checkers/history/history.ts";
import type { HistoryEvent, Json, OperationType } from "../../checkers/history/operation.ts";
import { buildHistory } from "./build-history.ts";

/**
 * A history of transactions from a tiny text form, one a line; they follow each other, unless `>` (begins)
 * and `<` (ends) are given, and are each of a session of their own, unless one is named.
 *
 * - `ok ax1 ax2 rx[1,2] ry[]`: appends 1 and 2 to x, reads x and y. Also `fail`, `info`.
 * - `ok wx1 rx1 ry_`: writes and reads registers; `_` is nil.
 * - `c2 ok rx[]`: by session c2.
 * - `c2 > ax1` and later `c2 < ok`; what was read is told at the beginning.
 */
export function transactionHistory(text: string): History {
  return buildHistory(transactionEvents(text));
}

/** The events of {@link transactionHistory}. */
export function transactionEvents(text: string): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const open = new Map<string, { readonly process: number; readonly words: readonly string[] }>();
  const sessions = new Map<string, number>();
  let process = 0;
  const push = (client: number, number: number, type: OperationType, value: Json): void => {
    const index = events.length;
    events.push({ index, time: index, process: number, client, type, f: "txn", value });
  };
  for (const line of text.split("\n").map((raw) => raw.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const [, name = `own ${process}`, rest = ""] = /^(?:(c\d+) )?(.*)$/.exec(line) ?? [];
    const client = sessions.get(name) ?? sessions.size;
    sessions.set(name, client);
    const [first = "", ...words] = rest.split(/\s+/);
    if (first === ">") {
      push(
        client,
        process,
        "invoke",
        words.map((word) => operation(word, false)),
      );
      open.set(name, { process: process++, words });
    } else if (first === "<") {
      const begun = open.get(name)!;
      push(
        client,
        begun.process,
        words[0] as OperationType,
        begun.words.map((word) => operation(word, true)),
      );
    } else {
      push(
        client,
        process,
        "invoke",
        words.map((word) => operation(word, false)),
      );
      push(
        client,
        process++,
        first as OperationType,
        words.map((word) => operation(word, true)),
      );
    }
  }
  return events;
}

function operation(word: string, isTold: boolean): Json {
  const [, f = "", key = "", value = ""] = /^([arw])([a-z])(.*)$/.exec(word) ?? [];
  if (f !== "r") return [f === "a" ? "append" : "w", key, Number(value)];
  return ["r", key, isTold && value !== "_" ? (JSON.parse(value) as Json) : null];
}
