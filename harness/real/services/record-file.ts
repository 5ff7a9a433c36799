import { closeSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import type { Json } from "../../../checkers/history/operation.ts";

/** A record as a service wrote it down, in nanoseconds since the start of the run. */
export interface WrittenRecord {
  readonly time: number;
  readonly node: string;
  readonly f: string;
  readonly key: string;
  readonly value: Json;
}

/**
 * The file that a service process appends its records to. Each is one write, done before `append` answers:
 * what a process has seen outlives its being killed. A last line that an earlier life of the process was
 * killed in is taken away, so that the next one does not begin in its middle.
 */
export class RecordFile implements Disposable {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, "a");
    const written = readFileSync(path);
    const whole = written.lastIndexOf("\n") + 1;
    if (whole < written.length) truncateSync(path, whole);
  }

  append(record: WrittenRecord): void {
    writeSync(this.#file, `${JSON.stringify(record)}\n`);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** Reads a file of records. A last line that was cut off by the death of its writer is left out. */
export function readRecords(path: string): WrittenRecord[] {
  const lines = readFileSync(path, { encoding: "utf8", flag: "a+" }).split("\n");
  lines.pop();
  return lines.map((line) => JSON.parse(line) as WrittenRecord);
}
