import type { Transcript } from "../formats/transcript.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const refused = "check refuses the file";

/** Indexes that are used twice or fall, times that fall, and clocks that differ. Linear. */
export function lintOrder(transcript: Transcript, isStrict: boolean, findings: FindingList): void {
  lintIndexes(transcript, isStrict, findings);
  lintTimes(transcript, isStrict, findings);
}

function lintIndexes(transcript: Transcript, isStrict: boolean, findings: FindingList): void {
  const { index, length, line } = transcript;
  const effect = isStrict ? refused : "operations are counted anew from 0: a witness names this count";
  const duplicate: LintRule = { code: "duplicate-index", effect, changesVerdict: isStrict };
  const falling: LintRule = { code: "index-falls", effect, changesVerdict: isStrict };
  if (isRising(transcript)) return;
  const firstRow = new Map<number, number>();
  let last = -1;
  for (let row = 0; row < length; row++) {
    // A line without an index has the one that follows.
    const found = Number.isNaN(index[row]!) ? last + 1 : index[row]!;
    const before = firstRow.get(found);
    if (before !== undefined) {
      findings.add(duplicate, row, () => `index ${found} is that of line ${line[before]!} as well`);
    } else if (found < last) {
      const highest = last;
      findings.add(falling, row, () => `index ${found} comes after index ${highest}`);
    }
    if (before === undefined) firstRow.set(found, row);
    last = Math.max(last, found);
  }
}

function isRising({ index, length }: Transcript): boolean {
  let last = -1;
  for (let row = 0; row < length; row++) {
    const found = Number.isNaN(index[row]!) ? last + 1 : index[row]!;
    if (found <= last) return false;
    last = found;
  }
  return true;
}

/** How far a node's clock is behind the others. */
interface Skew {
  readonly row: number;
  count: number;
  behind: number;
}

function lintTimes(transcript: Transcript, isStrict: boolean, findings: FindingList): void {
  const { time, node, nodes, length } = transcript;
  const effect = isStrict ? refused : "the order of the lines is taken, which need not be that of events";
  const back: LintRule = {
    code: "time-goes-back",
    effect: `${effect}; where the times are right, check --order time puts the lines in their order`,
    changesVerdict: true,
  };
  const clocks: LintRule = {
    code: "clocks-differ",
    effect: `${effect}; check --order time takes the order of the times, if these clocks can be trusted`,
    changesVerdict: true,
  };
  const lastOfNode = new Float64Array(nodes.length + 1).fill(-1);
  const skews = new Map<number, Skew>();
  let last = -1;
  let lastNode = -1;
  for (let row = 0; row < length; row++) {
    const at = time[row]!;
    if (Number.isNaN(at)) continue;
    const own = node[row]!;
    if (at < last && own >= 0 && own !== lastNode && at >= lastOfNode[own + 1]!) {
      noteSkew(skews, own, row, last - at);
    } else if (at < last) {
      const before = last;
      findings.add(back, row, () => `time ${at} comes after time ${before}`);
    }
    lastOfNode[own + 1] = Math.max(lastOfNode[own + 1]!, at);
    if (at < last) continue;
    last = at;
    lastNode = own;
  }
  for (const [own, { row, count, behind }] of skews) {
    const lines = count === 1 ? "1 line" : `${count} lines`;
    const milliseconds = Math.round(behind / 1000) / 1000;
    findings.add(
      clocks,
      row,
      () =>
        `${lines} of node ${nodes[own]!} are up to ${milliseconds} ms behind other nodes, and rise by themselves`,
    );
  }
}

function noteSkew(skews: Map<number, Skew>, node: number, row: number, behind: number): void {
  const known = skews.get(node);
  if (known === undefined) skews.set(node, { row, count: 1, behind });
  else {
    known.count++;
    known.behind = Math.max(known.behind, behind);
  }
}
