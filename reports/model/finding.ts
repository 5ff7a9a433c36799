import type { Anomaly } from "../../checkers/checker.ts";
import type { RunRecord } from "../../harness/record/run-record.ts";

/** An anomaly of a run with the checker that reported it. */
export interface Finding {
  readonly checker: string;
  readonly anomaly: Anomaly;
}

/** A place in a witness: the how-manieth operation of the how-manieth finding, both from 1. */
export interface WitnessMark {
  readonly finding: number;
  readonly place: number;
}

/** All anomalies of a run, in the order of its checkers. */
export function findingsOf(record: RunRecord): Finding[] {
  return record.checkers.flatMap(({ checker, anomalies }) =>
    anomalies.map((anomaly) => ({ checker, anomaly })),
  );
}

/** Which findings name an operation, by the operation's index. */
export function witnessMarks(findings: readonly Finding[]): Map<number, WitnessMark[]> {
  const marks = new Map<number, WitnessMark[]>();
  for (const [position, { anomaly }] of findings.entries()) {
    for (const [place, index] of anomaly.operations.entries()) {
      const known = marks.get(index) ?? [];
      known.push({ finding: position + 1, place: place + 1 });
      marks.set(index, known);
    }
  }
  return marks;
}

/** `1` where a run has one finding, else the letter of the finding and the place: `B2`. */
export function markText(mark: WitnessMark, findings: number): string {
  return findings === 1 ? String(mark.place) : `${findingLetter(mark.finding)}${mark.place}`;
}

/** 1 → `A`, 26 → `Z`, 27 → `AA`. */
export function findingLetter(finding: number): string {
  let rest = finding;
  let letters = "";
  while (rest > 0) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
    rest = Math.floor((rest - 1) / 26);
  }
  return letters;
}
