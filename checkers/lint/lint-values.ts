import type { PairedCalls } from "../formats/pair-calls.ts";
import type { Transcript } from "../formats/transcript.ts";
import { FAIL, INVOKE } from "../history/history.ts";
import { identityOf } from "../history/json-value.ts";
import type { Json } from "../history/operation.ts";
import { accessesOf } from "./accesses.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const twice: LintRule = {
  code: "value-written-twice",
  effect:
    "which write a read saw is not known: session guarantees, causal, rw-register and list-append need " +
    "unique values, and say unknown or less without them",
  changesVerdict: true,
};

const inexact: LintRule = {
  code: "number-not-exact",
  effect: "two different numbers may be taken for one: write such numbers as strings",
  changesVerdict: true,
};

/** Longest value in a message, in characters. */
const shown = 60;

/** Values that are written twice to one key, and numbers that JSON cannot keep apart. Linear. */
export function lintValues(
  transcript: Transcript,
  pairs: PairedCalls,
  isKeyed: boolean,
  findings: FindingList,
): void {
  const hasSets = showsLists(transcript);
  const written = new Map<string | number | null, Map<ReturnType<typeof identityOf>, number>>();
  for (let row = 0; row < transcript.length; row++) {
    const mate = pairs.mate[row]!;
    // A completion repeats its invocation; what failed has written nothing.
    if (transcript.type[row] !== INVOKE && mate >= 0) continue;
    if (transcript.type[row] === FAIL || (mate >= 0 && transcript.type[mate] === FAIL)) continue;
    for (const { kind, key, value } of accessesOf(transcript, row, isKeyed)) {
      if (kind === "read" || kind === "save" || (kind === "add" && !hasSets)) continue;
      if (!isExact(value)) findings.add(inexact, row, () => `${String(value)} is beyond 2^53`);
      const ofKey = written.get(key);
      const before = ofKey?.get(identityOf(value));
      if (ofKey === undefined) written.set(key, new Map([[identityOf(value), row]]));
      else if (before === undefined) ofKey.set(identityOf(value), row);
      else findings.add(twice, row, () => twiceText(transcript, value, key, before));
    }
  }
}

/** Do reads show lists? Then what is added are elements, else amounts. */
function showsLists(transcript: Transcript): boolean {
  const read = transcript.functions.indexOf("read");
  for (let row = 0; row < transcript.length; row++) {
    if (
      transcript.f[row] === read &&
      transcript.type[row] !== INVOKE &&
      Array.isArray(transcript.value[row])
    ) {
      return true;
    }
  }
  return false;
}

function isExact(value: Json): boolean {
  return typeof value !== "number" || !Number.isInteger(value) || Number.isSafeInteger(value);
}

function twiceText(transcript: Transcript, value: Json, key: string | number | null, before: number): string {
  const text = JSON.stringify(value);
  const what = text.length <= shown ? text : `${text.slice(0, shown)}…`;
  const where = key === null ? "" : ` to key ${JSON.stringify(key)}`;
  return `${what} is written${where}, as on line ${transcript.line[before]!} before`;
}
