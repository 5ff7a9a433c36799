import { appendFileSync } from "node:fs";
import type { Json } from "../../../checkers/history/operation.ts";
import type { Undo, WriteUndo } from "./undo.ts";

/** The name of the format, in the first line of a journal. */
export const JOURNAL_FORMAT = "faultline-fault-journal";

/** A fault as the journal names it. */
export interface JournaledFault {
  /** Its place in the plan. */
  readonly id: number;
  readonly fault: string;
  readonly target: string;
  readonly params: Json;
}

/**
 * What was injected, written to a file before it is done: one JSON object a line (`inject`, `heal`;
 * `open`, `closed` for each single thing that must be undone). Lines are handed to the operating system
 * at once, so they are there when the harness is killed; no more is needed, for the machine goes on.
 */
export class FaultJournal {
  readonly #path: string;
  readonly #nowMs: () => number;
  #lines = 0;

  /** Appends to the file. `nowMs`: milliseconds since 1970. */
  constructor(path: string, nowMs: () => number) {
    this.#path = path;
    this.#nowMs = nowMs;
    this.#write({ event: "begin", format: JOURNAL_FORMAT, version: 1 });
  }

  /** A fault is about to be injected. */
  inject(fault: JournaledFault): void {
    this.#write({ event: "inject", ...fault });
  }

  /** A fault is healed, or its injection failed. */
  heal(id: number, bites: number): void {
    this.#write({ event: "heal", id, bites });
  }

  /** Something is about to be done that must be undone like this; the answer notes that it is. */
  readonly undo: WriteUndo = (undo: Undo) => {
    const opened = this.#write({ event: "open", undo });
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      this.#write({ event: "closed", of: opened });
    };
  };

  #write(line: object): number {
    const number = this.#lines++;
    appendFileSync(this.#path, `${JSON.stringify({ line: number, timeMs: this.#nowMs(), ...line })}\n`);
    return number;
  }
}
