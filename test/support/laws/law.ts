import type { Checker } from "../../../checkers/checker.ts";
import type { HistoryEvent } from "../../../checkers/history/operation.ts";
import type { ChoiceTape } from "../choice-tape.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** A history, the checker that judges it, and what is needed to change it so that it means the same. */
export interface LawSubject {
  readonly checker: Checker;
  readonly events: readonly HistoryEvent[];
  /** Another history of the same kind, right or broken. */
  readonly others: readonly HistoryEvent[];
  readonly vocabulary: Vocabulary;
}

/** What a law says must be equal. */
export interface Comparison {
  readonly expected: unknown;
  readonly found: unknown;
}

/** The names of the laws. */
export type LawName =
  | "names"
  | "values"
  | "blame-with-others"
  | "other-keys"
  | "other-functions"
  | "failing-sessions"
  | "blame-by-key"
  | "split-by-key"
  | "drop-later"
  | "same-anomaly"
  | "shift"
  | "swap"
  | "know-less";

/** Something that is true of every checker, unless the table of laws says why not. */
export interface Law {
  readonly name: LawName;
  /** In words, with the checker as the subject. */
  readonly says: string;
  /** Changes the history as the tape chooses; null where it gives no occasion. */
  readonly compare: (subject: LawSubject, tape: ChoiceTape) => Comparison | null;
}
