import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FaultlineError } from "../../harness/faultline-error.ts";
import { HistoryFile } from "../../harness/record/history-file.ts";
import { type ReplayResult, replayPlanFile, replayToken } from "../../harness/run/replay.ts";
import { RUN_FILES, writeStoryFiles } from "../../harness/run/run-folder.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { renderRunHtml } from "../../reports/html-run.reporter.ts";
import { renderRun } from "../../reports/terminal.reporter.ts";
import type { CommandIo } from "../command-io.ts";
import { loadConfig } from "../config/load-config.ts";
import { scenariosOf } from "../config/scenarios-of.ts";
import { exitCodeOf } from "../exit-code.ts";
import { wholeNumber } from "../parse-options.ts";
import { prepareReplayFolder } from "../prepare-replay-folder.ts";
import { printJson } from "../print-json.ts";
import { findReplaySource, type ReplaySource } from "../replay-source.ts";
import { REPORT_FILE } from "../write-report.ts";

const EXAMPLES = `
A run folder stands for its most telling story: an anomaly of a hardened form before any other. A plan
file may be edited by hand before it is replayed.

Examples:
  faultline replay flt1_…
  faultline replay flt1_… --times 20
  faultline replay flt1_… --out anomaly
  faultline replay .faultline/runs/20260801T094500Z-7
  faultline replay .faultline/runs/20260801T094500Z-7/stories/stock-is-conserved.textbook/plan.json --json
`;

interface ReplayFlags {
  readonly times: number;
  readonly config?: string;
  readonly out?: string;
  readonly json?: true;
}

/** `faultline replay`: executes one plan again, and compares the histories byte for byte. */
export function replayCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("replay")
    .summary("run one plan again, from a token, a run folder or a plan file")
    .description("Run one plan again and compare its histories byte for byte.")
    .argument("<token | run folder | plan file>", "what to replay")
    .option("--times <number>", "how often to run it", wholeNumber(1, 100_000), 1)
    .option("--config <file>", "configuration (default: faultline.config.ts, if there is one)")
    .option("--out <folder>", "keep history, plan and report of the first execution there")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (what: string, flags: ReplayFlags) => {
      finish(await replay(what, flags, io));
    });
}

async function replay(what: string, flags: ReplayFlags, io: CommandIo): Promise<number> {
  const source = findReplaySource(what, io.cwd);
  const scenarios = scenariosOf(await loadConfig(flags.config, io.cwd));
  if (source.note !== "") io.err.write(`${source.note}\n`);
  const { times } = flags;
  const folder = flags.out === undefined ? null : prepareReplayFolder(flags.out, io.cwd);
  using file = folder === null ? null : new HistoryFile(join(folder, RUN_FILES.history));
  const result = await replaySource(source, scenarios, times, io, file);
  if (folder !== null) writeReplay(folder, result);
  if (result.changedSince) {
    io.err.write(
      "The history differs from the one that the token was made of: the code has changed since.\n",
    );
  }
  if (flags.json === true) printJson(io, documentOf(result));
  else {
    const { columns, colour } = io.out;
    io.out.write(renderRun(result.story, { columns, colour, times, identical: result.identical }));
  }
  return exitCodeOf(result.story.record.verdict, result.failure !== null);
}

async function replaySource(
  { token, planPath }: ReplaySource,
  scenarios: readonly Scenario[],
  times: number,
  io: CommandIo,
  file: HistoryFile | null,
): Promise<ReplayResult> {
  if (token === null) return await replayPlanFile(planPath ?? "", scenarios, times, file);
  try {
    return await replayToken(token, scenarios, times, file);
  } catch (error) {
    const drawsAnother = error instanceof FaultlineError && error.code === "plan-changed";
    if (planPath === null || !drawsAnother) throw error;
    io.err.write("The scenario draws another plan than it did: replaying the stored plan.\n");
    return await replayPlanFile(planPath, scenarios, times, file);
  }
}

/** The plan, the story and the report; the history was written as it happened. */
function writeReplay(folder: string, { story, times, identical }: ReplayResult): void {
  writeStoryFiles(folder, story);
  writeFileSync(join(folder, REPORT_FILE), renderRunHtml({ story, times, identical }));
}

function documentOf(result: ReplayResult): unknown {
  const { story, token, historyHash, identical, changedSince, times, failure } = result;
  const { scenario, form, seed, verdict, checkers } = story.record;
  return {
    format: "faultline-replay",
    version: 1,
    verdict,
    scenario,
    form,
    seed,
    token,
    times,
    historyHash,
    identical,
    changedSince,
    failure,
    anomalies: checkers.flatMap(({ checker, anomalies }) =>
      anomalies.map(({ type, key, operations, proof }) => ({
        checker,
        type,
        ...(key === undefined ? {} : { key }),
        operations,
        proof,
      })),
    ),
  };
}
