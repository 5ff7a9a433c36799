import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const BYTES_MAX = 64 * 1024;
const LINES = 20;

/** Which part of a log is wanted. */
export interface LogPart {
  /** How many lines at most; 20 by default. */
  readonly lines?: number;
  /** Nothing before this byte; 0 by default. */
  readonly fromByte?: number;
}

/** The last lines of a log file, for an error message; "" when there are none. Reads 64 KiB at most. Never throws. */
export function logTail(path: string, { lines = LINES, fromByte = 0 }: LogPart = {}): string {
  try {
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.max(0, Math.min(size - fromByte, BYTES_MAX)));
      const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
      const text = bytes.toString("utf8", 0, read).trimEnd();
      return text === "" ? "" : text.split("\n").slice(-lines).join("\n");
    } finally {
      closeSync(file);
    }
  } catch {
    return "";
  }
}
