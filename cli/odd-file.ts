import type { History } from "../checkers/history/history.ts";
import type { Json } from "../checkers/history/operation.ts";
import { FaultlineError } from "../harness/faultline-error.ts";

const encodings: readonly {
  readonly bytes: readonly number[];
  readonly name: string;
  readonly hint: string;
}[] = [
  { bytes: [0x1f, 0x8b], name: "compressed (gzip)", hint: "Unpack it first: gunzip --keep <file>" },
  { bytes: [0x50, 0x4b, 0x03, 0x04], name: "a zip archive", hint: "Unpack it first: unzip <file>" },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], name: "compressed (zstd)", hint: "Unpack it first: unzstd <file>" },
  { bytes: [0xff, 0xfe], name: "UTF-16", hint: "Convert it: iconv -f UTF-16 -t UTF-8 <file>" },
  { bytes: [0xfe, 0xff], name: "UTF-16", hint: "Convert it: iconv -f UTF-16 -t UTF-8 <file>" },
];

/** Refuses what no reader could make sense of, by the first bytes. Throws `unreadable-file`. */
export function refuseOtherEncodings(beginning: Uint8Array, shown: string): void {
  for (const { bytes, name, hint } of encodings) {
    if (!bytes.every((byte, at) => beginning[at] === byte)) continue;
    throw new FaultlineError(
      "usage",
      "unreadable-file",
      `${shown}: expected a text in UTF-8, found a file that is ${name}.`,
      hint,
    );
  }
}

/** How deep values are searched for numbers: a value, its fields, and those of a list of micro-operations. */
const depthMax = 3;

/**
 * A warning where numbers stand in values that JSON cannot hold exactly, such as ids beyond 2^53: two of them may be
 * the same to every checker. Null where there is none. Linear in the values' outer levels.
 */
export function inexactNumberWarning(history: History, shown: string): string | null {
  let first = -1;
  let count = 0;
  for (let row = 0; row < history.length; row++) {
    if (!hasInexact(history.value[row], depthMax)) continue;
    if (first < 0) first = row;
    count++;
  }
  if (count === 0) return null;
  const others = count === 1 ? "" : ` and ${count - 1} more`;
  return (
    `${shown}: operation ${history.index[first]}${others}: expected numbers that are exact, found some beyond 2^53; ` +
    "two of them may be taken for one: write them as texts [number-not-exact]"
  );
}

function hasInexact(value: Json | undefined, depth: number): boolean {
  if (typeof value === "number") return !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== "object" || value === null || depth === 0) return false;
  if (Array.isArray(value)) return value.some((entry) => hasInexact(entry, depth - 1));
  return Object.values(value).some((entry) => hasInexact(entry, depth - 1));
}
