import type { Verdict } from "../../checkers/verdict.ts";
import type { RunRecord } from "../../harness/record/run-record.ts";
import type { FlawCount, FormSummary, Judgement, SuiteRecord } from "../../harness/record/suite-record.ts";
import { flawsFound } from "./flaw-words.ts";
import { countText, plural } from "./numbers.ts";

/** How something is to be felt: decides glyph and colour, never the words. */
export type Tone = "good" | "bad" | "open";

/** Is this a form in which nothing may be found? */
export function isHardened(form: string): boolean {
  return form === "hardened";
}

/** What is expected of a form: `no anomaly`, `lost-update or version-gap`, `each of 4 flaws`. */
export function expectationText(summary: Pick<FormSummary, "form" | "expects" | "flaws">): string {
  if (isHardened(summary.form)) return "no anomaly";
  const flaws = flawsFound(summary);
  if (flaws !== null) return flaws.of === 1 ? "its one flaw" : `each of ${flaws.of} flaws`;
  if (summary.expects.length === 0) return "an anomaly";
  // The checker is left out: the names of anomalies speak for themselves.
  const types = summary.expects.map((expected) => expected.slice(expected.indexOf("/") + 1));
  return [...new Set(types)].join(" or ");
}

/** What became of a form: `no anomaly found`, `caught`, `caught, 4 of 4 flaws`, `2 of 4 flaws got away`, … */
export function judgementText(summary: Pick<FormSummary, "form" | "judgement" | "flaws">): string {
  const flaws = flawsFound(summary);
  switch (summary.judgement) {
    case "as-expected":
      if (isHardened(summary.form)) return "no anomaly found";
      return flaws === null ? "caught" : `caught, ${flaws.found} of ${plural(flaws.of, "flaw")}`;
    case "anomaly":
      return "anomaly found";
    case "got-away":
      if (flaws === null || flaws.found === 0) return "got away";
      return `${flaws.of - flaws.found} of ${plural(flaws.of, "flaw")} got away`;
    case "unknown":
      return "unknown";
    case "failed":
      return "harness failed";
  }
}

/** Good: as expected. Bad: not. Open: nobody can tell. */
export function judgementTone(judgement: Judgement): Tone {
  if (judgement === "as-expected") return "good";
  return judgement === "unknown" ? "open" : "bad";
}

/** Good: the flaw was found. Bad: it got away. Open: it was not found, and the form was caught, or not done, without it. */
export function flawTone({ runs }: FlawCount, judgement: Judgement): Tone {
  if (runs > 0) return "good";
  return judgement === "got-away" ? "bad" : "open";
}

/** The tone of a verdict. */
export function verdictTone(verdict: Verdict): Tone {
  if (verdict === "valid") return "good";
  return verdict === "unknown" ? "open" : "bad";
}

/** The verdict of a suite in one sentence. */
export function suiteSentence(suite: SuiteRecord): string {
  const ofForm = singleFormSentence(suite);
  if (ofForm !== null) return ofForm;
  const failed = suite.summary.filter((form) => form.judgement === "failed").length;
  if (suite.verdict === "valid") {
    return suite.summary.length === 1
      ? "The form did what is expected of it."
      : "Every form did what is expected of it.";
  }
  if (suite.verdict === "invalid") return invalidSentence(suite.summary);
  if (failed > 0)
    return `The harness failed in ${plural(failed, "form")}: this says nothing about the services.`;
  if (!suite.complete) return "The run was interrupted before it could tell.";
  return "Too little was examined to tell.";
}

/** The verdict of one run in one sentence. */
export function runSentence(record: RunRecord): string {
  const found = record.checkers.reduce((sum, { anomalies }) => sum + anomalies.length, 0);
  const size = `${plural(record.operations, "operation")}, ${plural(record.faults, "fault")}`;
  switch (record.verdict) {
    case "valid":
      return `No anomaly in ${size}.`;
    case "invalid":
      return `${plural(found, "anomaly", "anomalies")} in ${size}.`;
    case "unknown":
      return record.failure === null
        ? "Too little was examined to tell."
        : "The harness failed: this says nothing about the services.";
  }
}

/** Set when the run was interrupted: what was seen counts, but it is not all. */
export function incompleteText(suite: SuiteRecord): string | null {
  return suite.complete ? null : "Interrupted: not every requested run finished.";
}

/** `4 forms of 2 scenarios: 2 as expected, 1 unknown, 1 harness failure`. */
export function suiteCounts(suite: SuiteRecord): string {
  const scenarios = new Set(suite.summary.map((form) => form.scenario)).size;
  const parts: string[] = [];
  for (const [judgement, word] of COUNT_WORDS) {
    const count = suite.summary.filter((form) => form.judgement === judgement).length;
    if (count > 0) parts.push(`${countText(count)} ${word}`);
  }
  return `${plural(suite.summary.length, "form")} of ${plural(scenarios, "scenario")}: ${parts.join(", ") || "nothing"}`;
}

const COUNT_WORDS: readonly (readonly [Judgement, string])[] = [
  ["as-expected", "as expected"],
  ["anomaly", "with an anomaly that must not be"],
  ["got-away", "got away"],
  ["unknown", "unknown"],
  ["failed", "failed in the harness"],
];

/**
 * Of a form that must be caught, asked for by itself, the verdict is what its runs say: a caught one is invalid. Null
 * where the verdict means what it always does.
 */
function singleFormSentence({ singleForm, verdict, summary }: SuiteRecord): string | null {
  const own = summary.filter(({ form }) => !isHardened(form));
  if (singleForm !== true || verdict === "unknown" || own.length === 0) return null;
  const caught = own.every(({ judgement }) => judgement === "as-expected");
  const broken = caught
    ? "a promise is broken, as is expected here"
    : "a promise is broken, but not all was found that is expected here";
  const said = verdict === "invalid" ? broken : "no promise is broken, though that is expected here";
  return `With --form the verdict is the ${own.length === 1 ? "form's" : "forms'"} own: ${said}.`;
}

function invalidSentence(summary: readonly FormSummary[]): string {
  const broken = summary.filter((form) => form.judgement === "anomaly").length;
  const gotAway = summary.filter((form) => form.judgement === "got-away");
  const partly = gotAway.filter((form) => (flawsFound(form)?.found ?? 0) > 0).length;
  const away = gotAway.length - partly;
  const parts: string[] = [];
  if (broken > 0) parts.push(`${plural(broken, "hardened form breaks", "hardened forms break")} a promise`);
  if (away > 0) parts.push(`${plural(away, "form")} that must be caught got away`);
  if (partly > 0)
    parts.push(`${plural(partly, "form")} got away with some of ${partly === 1 ? "its" : "their"} flaws`);
  if (parts.length === 0) parts.push("a promise is broken");
  const sentence = parts.join("; ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** What to make of a replay that gives another history than the one that its token was made of. */
export const changedSinceText =
  "another history than that of the token: the code changed since it was made, so the outcome may differ";

/** How often a run of the real lane showed its anomaly again: the plan is exact, the interleaving is not. */
export function reproductionText(reproduced: number, times: number): string {
  return `${countText(reproduced)} of ${plural(times, "time")}`;
}

/** The servers of a suite in the real lane, in a line; null in the sim lane. */
export function serversText({ substrate, components }: SuiteRecord): string | null {
  if (components === undefined) return null;
  return `${substrate ?? "real"} servers: ${components.join(", ")}`;
}
