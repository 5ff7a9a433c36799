import type { Transcript } from "../formats/transcript.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const unknown: LintRule = {
  code: "unknown-function",
  effect:
    "no checker reads it unless --function says what it stands for; what it changed looks like a value " +
    "that nobody wrote",
  changesVerdict: true,
};

/** Functions that some checker or model reads by its own name. */
const known: ReadonlySet<string> = new Set([
  ...["read", "write", "cas", "get", "put", "append", "add", "increment", "decrement"],
  ...[
    "create",
    "update",
    "delete",
    "list",
    "txn",
    "transfer",
    "enqueue",
    "dequeue",
    "read-at",
    "bad-request",
  ],
  ...["reserve", "release", "ship", "restock", "acquire", "guarded-write"],
]);

/** Functions that no checker knows, each where it is first called. Linear. */
export function lintFunctions(transcript: Transcript, findings: FindingList): void {
  const { f, functions, length } = transcript;
  const counts = new Int32Array(functions.length);
  const first = new Int32Array(functions.length).fill(-1);
  for (let row = 0; row < length; row++) {
    const called = f[row]!;
    if (called < 0) continue;
    if (counts[called]!++ === 0) first[called] = row;
  }
  for (let called = 0; called < functions.length; called++) {
    const name = functions[called]!;
    if (known.has(name)) continue;
    const lines = counts[called] === 1 ? "1 line" : `${counts[called]!} lines`;
    findings.add(unknown, first[called]!, () => `${JSON.stringify(name)} is called here first (${lines})`);
  }
}
