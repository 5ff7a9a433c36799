import type { OtherLine } from "../formats/ndjson-transcript.ts";
import type { Transcript } from "../formats/transcript.ts";
import type { FindingList, LintRule } from "./finding-list.ts";

const refused = "check refuses the file";

const indexFalls: LintRule = { code: "index-falls", effect: refused, changesVerdict: true };

const timeGoesBack: LintRule = {
  code: "time-goes-back",
  effect: `${refused}; where the times are right, check --order time puts the lines in their order`,
  changesVerdict: true,
};

const unknownRecord: LintRule = {
  code: "unknown-record",
  effect:
    "no checker reads records of this kind unless --function says what it stands for: they prove nothing",
  changesVerdict: true,
};

/** Kinds of records that some checker reads by its own name. */
const kinds: ReadonlySet<string> = new Set([
  ...["saga", "effect", "attempted", "seen", "committed", "published", "handled", "parked", "accepted"],
  ...["stored", "cached", "event", "projected", "rebuilt", "applied", "checkpoint", "rebuild", "call"],
  ...["snapshot", "replayed", "compacted", "upcasted", "holding", "due"],
]);

/** Records, faults and phases that stand before the lines around them, and records that nobody knows. Linear. */
export function lintOthers(
  transcript: Transcript,
  others: readonly OtherLine[],
  findings: FindingList,
): void {
  lintPlaces(transcript, others, findings);
  const first = new Map<string, { readonly line: number; count: number }>();
  for (const { event, line } of others) {
    if (event.type !== "record" || kinds.has(event.f)) continue;
    const known = first.get(event.f);
    if (known === undefined) first.set(event.f, { line, count: 1 });
    else known.count++;
  }
  for (const [name, { line, count }] of first) {
    const lines = count === 1 ? "1 line" : `${count} lines`;
    findings.addLine(
      unknownRecord,
      line,
      () => `a record ${JSON.stringify(name)} stands here first (${lines})`,
    );
  }
}

/** What operations alone contradict is told where operations are looked at. */
function lintPlaces(transcript: Transcript, others: readonly OtherLine[], findings: FindingList): void {
  const all = { index: -1, time: -1 };
  const operations = { index: -1, time: -1 };
  let next = 0;
  for (let row = 0; row <= transcript.length; row++) {
    for (let other = others[next]; other?.before === row; other = others[++next]) {
      const index = other.hasIndex ? other.event.index : all.index + 1;
      const time = other.hasTime ? other.event.time : all.time;
      tell(findings, other.line, { index, time }, all);
      raise(all, index, time);
    }
    if (row === transcript.length) return;
    const index = Number.isNaN(transcript.index[row]!) ? all.index + 1 : transcript.index[row]!;
    const time = Number.isNaN(transcript.time[row]!) ? all.time : transcript.time[row]!;
    tell(findings, transcript.line[row]!, { index, time }, all, operations);
    raise(all, index, time);
    raise(operations, index, time);
  }
}

interface Place {
  index: number;
  time: number;
}

function tell(findings: FindingList, line: number, own: Place, all: Place, told?: Place): void {
  const { index, time } = all;
  if (own.index <= index && (told === undefined || own.index > told.index)) {
    findings.addLine(indexFalls, line, () => `index ${own.index} comes after index ${index}`);
  }
  if (own.time < time && (told === undefined || own.time >= told.time)) {
    findings.addLine(timeGoesBack, line, () => `time ${own.time} comes after time ${time}`);
  }
}

function raise(place: Place, index: number, time: number): void {
  place.index = Math.max(place.index, index);
  place.time = Math.max(place.time, time);
}
