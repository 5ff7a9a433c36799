import { takenApart } from "../formats/keyed-values.ts";
import { isMicroOperations } from "../formats/micro-operations.ts";
import type { Transcript } from "../formats/transcript.ts";
import { INVOKE } from "../history/history.ts";
import { isPair } from "../history/json-value.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const unreadable: LintRule = {
  code: "unreadable-value",
  effect: "checkers that read this function leave it out, or say unknown",
  changesVerdict: true,
};

/** Calls whose value is not what their function takes: a `txn` without operations, a `cas` without a pair. Linear. */
export function lintShapes(transcript: Transcript, isKeyed: boolean, findings: FindingList): void {
  const txn = transcript.functions.indexOf("txn");
  const cas = transcript.functions.indexOf("cas");
  if (txn < 0 && cas < 0) return;
  for (let row = 0; row < transcript.length; row++) {
    const f = transcript.f[row]!;
    if (transcript.type[row] !== INVOKE || f < 0 || (f !== txn && f !== cas)) continue;
    const own = transcript.value[row];
    const value = isKeyed ? takenApart(own, null, false)?.value : own;
    if (f === cas && !isPair(value)) {
      findings.add(unreadable, row, () => "the value of a cas is no pair of the old and the new value");
    } else if (f === txn && !isMicroOperations(value) && !(Array.isArray(value) && value.length === 0)) {
      findings.add(unreadable, row, () => 'the value of a txn is no list of ["r", key, value] and the like');
    }
  }
}
