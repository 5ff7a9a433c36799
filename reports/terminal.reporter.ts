import type { Story } from "../harness/record/story.ts";
import type { SuiteRecord } from "../harness/record/suite-record.ts";
import { scenarioClaims, storyOf } from "./model/scenario-claims.ts";
import { tellRun } from "./model/told-run.ts";
import { findingLines, fullDetails, indented, shortDetails } from "./terminal/form-details.ts";
import { measuresTable } from "./terminal/measures-table.ts";
import { operationColumns } from "./terminal/operation-columns.ts";
import { type Paint, paintFor, toneSign } from "./terminal/paint.ts";
import { runMeasures } from "./terminal/run-measures.ts";
import { suiteTable } from "./terminal/suite-table.ts";
import { wrapText } from "./terminal/text-width.ts";
import { omittedText } from "./wording/call-text.ts";
import {
  changedSinceText,
  incompleteText,
  isHardened,
  reproductionText,
  runSentence,
  serversText,
  suiteCounts,
  suiteSentence,
  verdictTone,
} from "./wording/judgement-words.ts";
import { countText, durationText, plural } from "./wording/numbers.ts";
import { replayCommand } from "./wording/replay-command.ts";
import { visibleText } from "./wording/visible-text.ts";

const CALLS_MAX = 120;

/** The summary of a suite for a terminal of `columns` columns. Ends with the verdict in words. */
export function renderSuite(
  suite: SuiteRecord,
  stories: readonly Story[],
  options: { readonly columns: number; readonly colour: boolean; readonly reportPath: string | null },
): string {
  const paint = paintFor(options.colour);
  const columns = Math.max(40, options.columns);
  const runs = suite.summary.reduce((sum, form) => sum + form.seeds, 0);
  const head = `Faultline · ${suite.lane} lane · seed ${suite.seed} · ${plural(runs, "run")} in ${durationText(suite.wallMs)}`;
  const servers = serversText(suite);
  const lines = [
    ...wrapText(head, columns).map(paint.bold),
    ...(servers === null ? [] : wrapText(visibleText(servers), columns)),
    ...suiteTable(suite, columns, paint),
  ];
  const unexpected = suite.summary.filter((form) => form.judgement !== "as-expected");
  const caught = suite.summary.filter((form) => form.judgement === "as-expected" && !isHardened(form.form));
  if (unexpected.length > 0) lines.push(...title("Not as expected", paint));
  for (const form of unexpected)
    lines.push(...fullDetails(form, storyOf(form, stories), suite.config, columns, paint), "");
  if (caught.length > 0) lines.push(...title("Caught", paint));
  for (const form of caught)
    lines.push(...shortDetails(form, storyOf(form, stories), suite.config, columns, paint), "");
  const measured = measuresTable(suite, columns, paint);
  if (measured.length > 0) lines.push(...title("Measured", paint), ...measured);
  lines.push(...notTested(suite, stories, columns, paint));
  if (options.reportPath !== null) lines.push(`Report: ${visibleText(options.reportPath)}`);
  const tone = verdictTone(suite.verdict);
  const sentences = [`${suiteSentence(suite)}`, `${suiteCounts(suite)}.`, incompleteText(suite) ?? ""];
  const verdict = `${toneSign(tone)} ${suite.verdict}: ${sentences.join(" ").trimEnd()}`;
  lines.push(...wrapText(verdict, columns).map((line) => paint.bold(paint.tone(tone, line))));
  return joinLines(lines);
}

/** One run for a terminal: verdict, hashes, anomalies with proofs, and a table with one column per client. */
export function renderRun(
  story: Story,
  options: {
    readonly columns: number;
    readonly colour: boolean;
    readonly times: number;
    readonly identical: boolean;
    /** The executions agree with each other, but not with the token. */
    readonly changedSince?: boolean;
    /** In the real lane: how many of the executions showed the anomaly; null in the sim lane. */
    readonly reproduced?: number | null;
    /** The command that does it again; that of the story's token unless given. */
    readonly replay?: string;
  },
): string {
  const paint = paintFor(options.colour);
  const columns = Math.max(40, options.columns);
  const { record } = story;
  const told = tellRun(story, CALLS_MAX);
  const lines = wrapText(
    `${visibleText(record.scenario)} · ${visibleText(record.form)} · seed ${record.seed}`,
    columns,
  ).map(paint.bold);
  lines.push(...indented(`Claim: ${visibleText(story.claim)}`, columns), "");
  lines.push(...operationColumns(told, columns, paint));
  if (told.omitted > 0) lines.push(`${omittedText(told)} far from the witness not shown.`);
  lines.push("");
  if (told.findings.length > 0) lines.push(...findingLines(told.findings, columns, paint), "");
  for (const { checker, reason } of record.checkers) {
    if (reason !== null)
      lines.push(...indented(`${visibleText(checker)} cannot tell: ${visibleText(reason)}`, columns));
  }
  if (record.failure !== null)
    lines.push(
      ...indented(`${visibleText(record.failure.code)}: ${visibleText(record.failure.message)}`, columns),
    );
  lines.push(...runMeasures(record, columns));
  lines.push(
    `history     ${record.historyHash}`,
    ...(record.eventLogHash === null ? [] : [`event log   ${record.eventLogHash}`]),
    ...hashesLines(options, columns, paint),
  );
  const replay = options.replay ?? (story.token === null ? null : replayCommand(story.token, undefined));
  if (replay !== null) lines.push(`  ${paint.accent(replay)}`);
  lines.push(...runVerdict(story, columns, paint));
  return joinLines(lines);
}

function hashesLines(
  options: {
    readonly times: number;
    readonly identical: boolean;
    readonly changedSince?: boolean;
    readonly reproduced?: number | null;
  },
  columns: number,
  paint: Paint,
): readonly string[] {
  const { times, identical, changedSince = false, reproduced = null } = options;
  if (reproduced !== null) return [`reproduced  ${reproductionText(reproduced, times)}`];
  const alike = `identical ${countText(times)} of ${countText(times)} times`;
  if (changedSince) {
    const [first = "", ...rest] = wrapText(
      times < 2 ? changedSinceText : `${alike}, but ${changedSinceText}`,
      columns - 12,
    );
    return [`hashes      ${first}`, ...rest.map((line) => `            ${line}`)].map((line) =>
      paint.tone("open", line),
    );
  }
  if (times < 2) return ["hashes      run once, nothing to compare"];
  if (identical) return [`hashes      ${alike}`];
  return [
    paint.tone(
      "bad",
      `hashes      differ within ${countText(times)} runs: the harness is not deterministic here`,
    ),
  ];
}

function runVerdict({ record }: Story, columns: number, paint: Paint): string[] {
  const tone = verdictTone(record.verdict);
  return wrapText(`${toneSign(tone)} ${record.verdict}: ${runSentence(record)}`, columns).map((line) =>
    paint.bold(paint.tone(tone, line)),
  );
}

function notTested(suite: SuiteRecord, stories: readonly Story[], columns: number, paint: Paint): string[] {
  const claims = scenarioClaims(suite, stories).filter((scenario) => scenario.notTested.length > 0);
  if (claims.length === 0) return [];
  const lines = title("What was not tested", paint);
  for (const scenario of claims) {
    lines.push(`  ${visibleText(scenario.scenario)}`);
    for (const limit of scenario.notTested) {
      const [first = "", ...rest] = wrapText(visibleText(limit), columns - 6);
      lines.push(`    - ${first}`, ...rest.map((line) => `      ${line}`));
    }
  }
  return [...lines, ""];
}

function title(text: string, paint: Paint): string[] {
  return ["", paint.bold(text), ""];
}

/** One line feed after each line, never two empty lines in a row. */
function joinLines(lines: readonly string[]): string {
  return lines
    .filter((line, at) => line !== "" || lines[at - 1] !== "")
    .map((line) => `${line}\n`)
    .join("");
}
