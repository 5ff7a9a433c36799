import { closeSync, openSync, writeSync } from "node:fs";
import type { HistoryHeader } from "../../checkers/history/history.ts";
import { formatEvent, formatHeader } from "../../checkers/history/ndjson-writer.ts";
import type { HistoryEvent } from "../../checkers/history/operation.ts";

/** Takes a history as it happens. */
export interface HistorySink {
  /** Called once, before the first event. */
  begin(header: HistoryHeader): void;
  append(event: HistoryEvent): void;
}

/**
 * A history file that is written as the run goes on: each line is handed to the system before the next
 * event happens, so that a killed run leaves a file that can be read and checked.
 */
export class HistoryFile implements HistorySink, Disposable {
  readonly #file: number;

  /** Creates the file, or empties it. */
  constructor(path: string) {
    this.#file = openSync(path, "w");
  }

  begin(header: HistoryHeader): void {
    writeSync(this.#file, `${formatHeader(header)}\n`);
  }

  append(event: HistoryEvent): void {
    writeSync(this.#file, `${formatEvent(event)}\n`);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
