import { type History, RECORD } from "../history/history.ts";
import { fieldOf } from "../history/json-value.ts";
import { functionNumber } from "../records/records-by-key.ts";
import type { BudgetWatch } from "../within-budget.ts";

/** One call, with all its attempts. */
export interface CollectedCall {
  /** Position in `history.keys`. */
  readonly key: number;
  readonly life: string;
  /** Rows of its records; −1 where there is none. */
  begun: number;
  ended: number;
  /** Rows of its attempts. */
  readonly attempts: number[];
  /** The first attempt that was refused; −1. */
  refused: number;
  /** The first attempt after that one; −1. */
  afterRefusal: number;
}

/** The calls of a history. */
export interface CollectedCalls {
  readonly calls: ReadonlyMap<string, CollectedCall>;
  /** The last record of each life of a process. */
  readonly lastOfLife: ReadonlyMap<string, number>;
  /** Rows of attempts of which nobody knows what became of them, by caller, in history order. */
  readonly failuresOf: ReadonlyMap<number, readonly number[]>;
  /** Rows that are no records of a call. */
  readonly unreadable: readonly number[];
  /** How many records were read. */
  readonly records: number;
}

/** How an attempt can end. */
const outcomes: ReadonlySet<unknown> = new Set(["done", "refused", "unknown", "not-sent"]);

/** Collects the records `call`, in history order. Linear. */
export function collectCalls(history: History, watch: BudgetWatch): CollectedCalls {
  const f = functionNumber(history, "call");
  const calls = new Map<string, CollectedCall>();
  const lastOfLife = new Map<string, number>();
  const failuresOf = new Map<number, number[]>();
  const unreadable: number[] = [];
  let records = 0;
  for (let row = 0; row < history.length; row++) {
    watch.at(row);
    if (history.f[row] !== f || history.type[row] !== RECORD) continue;
    const value = history.value[row];
    const [life, id, event] = ["life", "call", "event"].map((name) => fieldOf(value, name));
    const outcome = event === "attempt" ? fieldOf(value, "outcome") : undefined;
    const isKnown = event === "begun" || event === "ended" || outcomes.has(outcome);
    if (typeof life !== "string" || typeof id !== "string" || !isKnown) {
      unreadable.push(row);
      continue;
    }
    records++;
    lastOfLife.set(life, row);
    let call = calls.get(id);
    if (call === undefined) {
      call = {
        key: history.key[row]!,
        life,
        begun: -1,
        ended: -1,
        attempts: [],
        refused: -1,
        afterRefusal: -1,
      };
      calls.set(id, call);
    }
    if (event === "begun") call.begun = row;
    else if (event === "ended") call.ended = row;
    else {
      takeAttempt(call, row, outcome);
      if (outcome !== "unknown") continue;
      const failures = failuresOf.get(history.node[row]!);
      if (failures === undefined) failuresOf.set(history.node[row]!, [row]);
      else failures.push(row);
    }
  }
  return { calls, lastOfLife, failuresOf, unreadable, records };
}

function takeAttempt(call: CollectedCall, row: number, outcome: unknown): void {
  call.attempts.push(row);
  if (call.refused >= 0 && call.afterRefusal < 0) call.afterRefusal = row;
  if (outcome === "refused" && call.refused < 0) call.refused = row;
}
