import type { PairedCalls, PairingFault } from "../formats/pair-calls.ts";
import type { Transcript } from "../formats/transcript.ts";
import { INVOKE } from "../history/history.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const refused = "check refuses the file";

/** Our own format is refused where it contradicts itself; foreign ones are taken in the way that is told. */
function rulesFor(isStrict: boolean): Readonly<Record<PairingFault["kind"], LintRule>> {
  const rule = (code: string, effect: string): LintRule => ({
    code,
    effect: isStrict ? refused : effect,
    changesVerdict: true,
  });
  return {
    "no-invocation": rule(
      "completion-without-invocation",
      "it counts as called right after what its process did before: real-time order is weaker than it was",
    ),
    "overlapping-calls": rule(
      "invocation-while-open",
      "it counts as made by a process of its own: the order within the process is not seen",
    ),
    "process-goes-on": rule(
      "process-reused-after-info",
      "it counts as made by a new process and session: what holds across the unknown operation is not checked",
    ),
    "ambiguous-pair": { code: "ambiguous-pair", effect: refused, changesVerdict: true },
    "function-differs": { code: "function-differs", effect: refused, changesVerdict: true },
    "key-differs": { code: "key-differs", effect: refused, changesVerdict: true },
  };
}

const neverCompleted: LintRule = {
  code: "never-completed",
  effect: "it may have happened or not, which excuses more than an answer would",
  changesVerdict: false,
};

/** Calls and completions that do not fit together. Linear. */
export function lintCalls(
  transcript: Transcript,
  pairs: PairedCalls,
  isStrict: boolean,
  findings: FindingList,
): void {
  const rules = rulesFor(isStrict);
  for (const fault of pairs.faults) {
    findings.add(rules[fault.kind], fault.row, () => faultText(transcript, fault));
  }
  for (let row = 0; row < transcript.length; row++) {
    if (transcript.type[row] !== INVOKE || pairs.mate[row]! >= 0) continue;
    findings.add(neverCompleted, row, () => `${callText(transcript, row)} has no completion`);
  }
}

function faultText(transcript: Transcript, fault: PairingFault): string {
  const call = callText(transcript, fault.row);
  switch (fault.kind) {
    case "no-invocation":
      return `${call} is a completion, but no call is open`;
    case "overlapping-calls":
      return `${call} is called while the call of line ${transcript.line[fault.open]!} is open`;
    case "process-goes-on":
      return `${call} is called by a process with an operation of unknown outcome`;
    case "ambiguous-pair":
      return `${call} could end ${fault.candidates === 0 ? "none" : fault.candidates} of the open calls`;
    case "function-differs":
      return `${call} completes a call of another function (line ${transcript.line[fault.open]!})`;
    case "key-differs":
      return `${call} completes a call on another key (line ${transcript.line[fault.open]!})`;
  }
}

/** `read of process 3`. */
function callText(transcript: Transcript, row: number): string {
  const f = transcript.f[row]!;
  const process = transcript.process[row]!;
  const name = f < 0 ? "an operation" : transcript.functions[f]!;
  return process < 0 ? name : `${name} of process ${transcript.processes[process]!}`;
}
