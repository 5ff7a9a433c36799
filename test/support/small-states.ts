import type { Checker } from "../../checkers/checker.ts";
import type { History } from "../../checkers/history/history.ts";
import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import { buildHistory, textOfEvents } from "./build-history.ts";
import { everyHistory, type PossibleCall } from "./every-history.ts";
import { FindingTally } from "./finding-tally.ts";

/** A checker of the state of one key, and what there may be of it. */
export interface StateSubject {
  readonly name: string;
  readonly checker: Checker;
  /** May the checker say less than the oracle? */
  readonly isWeaker?: boolean;
  readonly calls: readonly PossibleCall[];
  readonly length: number;
  readonly begun?: readonly HistoryEvent[];
  /** What a final read may show; there may be none. */
  readonly shown?: readonly Json[];
  readonly isRight: (history: History) => boolean;
  /** Anomalies that must occur. */
  readonly types: readonly string[];
}

/** What a third client asks for and is told, before or after all others. */
export function callOfThird(
  f: string,
  asked: Json | undefined,
  told: Json | undefined,
  final = false,
): object[] {
  return (["invoke", "ok"] as const).map((type) => {
    const value = type === "ok" ? told : asked;
    const shown = value === undefined ? {} : { value };
    return { process: 2, type, f, key: "k", ...shown, ...(final ? { final } : {}) };
  });
}

/** The lines as events, a nanosecond each. */
export function numbered(lines: readonly object[]): HistoryEvent[] {
  return lines.map((line, index) => ({ ...line, index, time: index }) as HistoryEvent);
}

/**
 * Does the checker say what its oracle says of every history of two clients, without and with each final read?
 * Counts what it said. Throws an Error with the history where they differ.
 */
export function compareStates(subject: StateSubject): FindingTally {
  const { checker, isWeaker = false, calls, length, begun = [], shown = [], isRight } = subject;
  const tally = new FindingTally();
  const reads = shown.map((value) => callOfThird("read", undefined, value, true));
  for (const before of everyHistory(calls, length, begun)) {
    for (const read of [[], ...reads]) {
      const events = numbered([...before, ...read]);
      const history = buildHistory(events);
      const result = checker.check(history);
      tally.count(result);
      if (result.verdict === "unknown" && result.reason !== "nothing was examined") continue;
      const isBlamed = result.verdict === "invalid";
      const isBroken = !isRight(history);
      if (isBlamed === isBroken || (isWeaker && isBroken)) continue;
      throw new Error(`broken: ${isBroken}, but ${JSON.stringify(result)}\n${textOfEvents(events)}`);
    }
  }
  return tally;
}
