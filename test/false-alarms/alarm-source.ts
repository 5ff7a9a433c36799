import type { Checker } from "../../checkers/checker.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "../support/choice-tape.ts";

/** Where histories come from of which it is known that they are right, or that the system is broken. */
export interface AlarmSource {
  /** What the system is, in a word or two. */
  readonly name: string;
  /** Most choices that a run of it takes. */
  readonly choices: number;
  /** Checkers that must be content with each right history, and that find fault with some of the broken ones. */
  readonly checkers: readonly Checker[];
  /** The history of a system that does what it promises. */
  readonly right: (tape: ChoiceTape) => HistoryEvent[];
  /** The history of one that does not, now and then; null where there is none that the checkers can find fault with. */
  readonly broken: ((tape: ChoiceTape) => HistoryEvent[]) | null;
}
