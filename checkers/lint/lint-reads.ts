import type { PairedCalls } from "../formats/pair-calls.ts";
import type { Transcript } from "../formats/transcript.ts";
import { OK } from "../history/history.ts";
import { accessesOf } from "./accesses.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const noFinalRead: LintRule = {
  code: "no-final-read",
  effect: "durability cannot tell whether its last writes survived, and says unknown",
  changesVerdict: true,
};

const unread: LintRule = {
  code: "never-read-afterwards",
  effect: "a loss of what was written last cannot be seen",
  changesVerdict: false,
};

/** What is known of one key. */
interface KeyReads {
  /** Row of the completion of the last acknowledged write. */
  written: number;
  /** Row of the invocation of the last answered read. */
  read: number;
  hasFinalRead: boolean;
}

/**
 * Keys whose last writes nobody looked at: where a file marks final reads, keys without one; else keys
 * that are not read after their last acknowledged write. Linear.
 */
export function lintReads(
  transcript: Transcript,
  pairs: PairedCalls,
  isKeyed: boolean,
  findings: FindingList,
): void {
  const keys = new Map<string | number | null, KeyReads>();
  let hasFinalReads = false;
  for (let row = 0; row < transcript.length; row++) {
    if (transcript.type[row] !== OK) continue;
    const invocation = pairs.mate[row]!;
    const called = invocation < 0 ? row : invocation;
    const isFinal = transcript.final[row] === 1 || transcript.final[called] === 1;
    for (const { kind, key } of accessesOf(transcript, called, isKeyed)) {
      const known = keys.get(key) ?? { written: -1, read: -1, hasFinalRead: false };
      keys.set(key, known);
      if (kind !== "read") known.written = row;
      else known.read = Math.max(known.read, called);
      if (kind === "read" && isFinal) known.hasFinalRead = true;
    }
    hasFinalReads ||= isFinal;
  }
  for (const [key, { written, read, hasFinalRead }] of keys) {
    const name = key === null ? "what operations without a key wrote" : `key ${JSON.stringify(key)}`;
    if (written < 0) continue;
    if (hasFinalReads && !hasFinalRead) {
      findings.add(
        noFinalRead,
        written,
        () => `${name} is written here for the last time, and has no final read`,
      );
    } else if (!hasFinalReads && read < written) {
      findings.add(
        unread,
        written,
        () => `${name} is written here for the last time, and not read afterwards`,
      );
    }
  }
}
