import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../../checkers/history/history.ts";
import type { HistoryEvent, Json, OperationType } from "../../checkers/history/operation.ts";
import { buildHistory } from "./build-history.ts";

/** One of Elle's own test cases with what Elle answered. */
export interface ElleCase {
  readonly name: string;
  readonly checker: "list-append" | "rw-register";
  readonly valid: boolean | "unknown";
  readonly types: readonly string[];
  /** The weakest models violated; null where Elle did not say. */
  readonly not: readonly string[] | null;
  readonly options: Readonly<Record<string, Json>>;
  readonly lines: readonly ElleLine[];
}

interface ElleLine {
  readonly type: OperationType;
  readonly process: number;
  readonly value: readonly (readonly Json[])[];
}

/** All cases of the corpus, in its order. */
export function elleCases(): ElleCase[] {
  const path = join(import.meta.dirname, "../corpus/list-append/elle-cases.jsonl");
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line, number) => {
    const entry = JSON.parse(line) as Record<string, Json>;
    const words = [...(entry.test as string[]), ...(entry.context as string[])];
    return {
      name: `${number} ${entry.checker as string}: ${words.join(", ")}`,
      checker: entry.checker as ElleCase["checker"],
      valid: entry.valid as boolean | "unknown",
      types: (entry["anomaly-types"] ?? []) as string[],
      not: entry.not as string[] | null,
      options: entry.opts as Record<string, Json>,
      lines: entry.history as unknown as ElleLine[],
    };
  });
}

/**
 * The history of a case. Elle's tests leave out invocations, and let a process do several things at once:
 * a completion alone gets an invocation right before it, and what a busy process begins gets a process of
 * its own.
 */
export function historyOfCase({ lines }: ElleCase): History {
  const events: HistoryEvent[] = [];
  const open: { readonly process: number | string; readonly was: number; readonly shape: string }[] = [];
  let extra = 0;
  const push = (line: ElleLine, type: OperationType, process: number | string): void => {
    const value = line.value as Json;
    events.push({ index: events.length, time: events.length, process, type, f: "txn", value });
  };
  const begin = (line: ElleLine): number | string => {
    const isBusy = open.some(({ process }) => process === line.process);
    const process = isBusy ? `${line.process}, ${++extra}` : line.process;
    push(line, "invoke", process);
    return process;
  };
  for (const line of lines) {
    const shape = JSON.stringify(line.value.map(([f, key, value]) => [f, key, f === "r" ? null : value]));
    if (line.type === "invoke") {
      open.push({ process: begin(line), was: line.process, shape });
      continue;
    }
    const at = open.findIndex((entry) => entry.was === line.process && entry.shape === shape);
    const process = at < 0 ? begin(line) : open.splice(at, 1)[0]!.process;
    push(line, line.type, process);
  }
  return buildHistory(events);
}
