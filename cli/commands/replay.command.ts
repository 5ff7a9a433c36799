import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { FaultlineError } from "../../harness/faultline-error.ts";
import type { SubstrateName } from "../../harness/real/substrate/substrate.ts";
import { HistoryFile } from "../../harness/record/history-file.ts";
import type { HarnessFailure } from "../../harness/record/run-record.ts";
import type { Story } from "../../harness/record/story.ts";
import { type PlannedRun, planOfFile, planOfToken, replayPlan } from "../../harness/run/replay.ts";
import { RUN_FILES, writeStoryFiles } from "../../harness/run/run-folder.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { renderRunHtml } from "../../reports/html-run.reporter.ts";
import { renderRun } from "../../reports/terminal.reporter.ts";
import { replayCommand as commandFor } from "../../reports/wording/replay-command.ts";
import type { CommandIo } from "../command-io.ts";
import { type LoadedConfig, loadConfig } from "../config/load-config.ts";
import { scenariosOf } from "../config/scenarios-of.ts";
import { exitCodeOf } from "../exit-code.ts";
import { substrateName, wholeNumber } from "../parse-options.ts";
import { prepareReplayFolder } from "../prepare-replay-folder.ts";
import { printJson } from "../print-json.ts";
import { refuseServersInSimulation } from "../refuse-servers-in-simulation.ts";
import { replayOnServers } from "../replay-on-servers.ts";
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

A token of the real lane runs on real servers again, where the anomaly may show or not:
  faultline replay flt1_… --times 5 --substrate local
`;

const SERVERS_HINT =
  'The plan is one of the sim lane: leave `--substrate` out, or add `"lane": "real"` to its plan.json to try it on servers.';

interface ReplayFlags {
  readonly times: number;
  readonly config?: string;
  readonly substrate?: SubstrateName;
  readonly out?: string;
  readonly json?: true;
}

/**
 * `faultline replay`: executes one plan again. In the sim lane the histories are compared byte for byte; in
 * the real lane it is counted how often the anomaly shows.
 */
export function replayCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("replay")
    .summary("run one plan again, from a token, a run folder or a plan file")
    .description(
      "Run one plan again. Sim lane: its histories are compared byte for byte. Real lane: how often the anomaly shows.",
    )
    .argument("<token | run folder | plan file>", "what to replay")
    .option("--times <number>", "how often to run it", wholeNumber(1, 100_000), 1)
    .option("--config <file>", "configuration (default: faultline.config.ts, if there is one)")
    .option("--substrate <name>", "servers of the real lane: local, docker or external", substrateName)
    .option("--out <folder>", "keep history, plan and report of the first execution there")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (what: string, flags: ReplayFlags) => {
      finish(await replay(what, flags, io));
    });
}

async function replay(what: string, flags: ReplayFlags, io: CommandIo): Promise<number> {
  const source = findReplaySource(what, io.cwd);
  const loaded = await loadConfig(flags.config, io.cwd);
  const scenarios = scenariosOf(loaded);
  if (source.note !== "") io.err.write(`${source.note}\n`);
  const run = await planToReplay(source, scenarios, io);
  refuseServersInSimulation(run.lane, flags.substrate, SERVERS_HINT);
  const folder = flags.out === undefined ? null : prepareReplayFolder(flags.out, io.cwd);
  if (run.lane === "real") return await replayOnRealServers(what, run, flags, loaded, folder, io);
  const { times } = flags;
  using file = folder === null ? null : new HistoryFile(join(folder, RUN_FILES.history));
  const result = await replayPlan(run, times, file);
  const again = commandFor(result.token ?? what, flags.config);
  if (folder !== null) writeReplay(folder, { ...result, again, reproduced: null });
  if (result.changedSince) {
    io.err.write(
      "The history differs from the one that the token was made of: the code has changed since, so the outcome may differ.\n",
    );
  }
  const { story, token, historyHash, identical, changedSince, failure } = result;
  const outcome = { historyHash, identical, changedSince, reproduced: null, failure };
  print({ story, token, again, times, ...outcome }, flags, io);
  return exitCodeOf(story.record.verdict, failure !== null);
}

async function replayOnRealServers(
  what: string,
  run: PlannedRun,
  flags: ReplayFlags,
  loaded: LoadedConfig,
  folder: string | null,
  io: CommandIo,
): Promise<number> {
  const result = await replayOnServers(
    {
      run,
      times: flags.times,
      substrate: flags.substrate ?? loaded.config.substrate ?? null,
      folder,
      loaded,
    },
    io,
  );
  const { story, token, times, reproduced, failure } = result;
  const again = commandFor(token ?? what, flags.config);
  if (folder !== null) {
    writeReplay(folder, { story, again, times, identical: false, changedSince: false, reproduced });
  }
  const { historyHash } = story.record;
  const outcome = { historyHash, identical: false, changedSince: false, reproduced, failure };
  print({ story, token, again, times, ...outcome }, flags, io);
  return exitCodeOf(story.record.verdict, failure !== null);
}

async function planToReplay(
  { token, planPath }: ReplaySource,
  scenarios: readonly Scenario[],
  io: CommandIo,
): Promise<PlannedRun> {
  if (token === null) return await planOfFile(planPath ?? "", scenarios);
  try {
    return planOfToken(token, scenarios);
  } catch (error) {
    const drawsAnother = error instanceof FaultlineError && error.code === "plan-changed";
    if (planPath === null || !drawsAnother) throw error;
    io.err.write("The scenario draws another plan than it did: replaying the stored plan.\n");
    return await planOfFile(planPath, scenarios);
  }
}

/** What became of a replay, in either lane. */
interface Replayed {
  readonly story: Story;
  /** Null where no token replays the plan. */
  readonly token: string | null;
  /** The command that does it again. */
  readonly again: string;
  readonly historyHash: string;
  readonly identical: boolean;
  readonly changedSince: boolean;
  readonly times: number;
  /** Executions with an anomaly in the real lane; null in the sim lane. */
  readonly reproduced: number | null;
  readonly failure: HarnessFailure | null;
}

/** How the executions of a replay agree. */
type Agreement = Pick<Replayed, "times" | "identical" | "changedSince" | "reproduced">;

function print(result: Replayed, flags: ReplayFlags, io: CommandIo): void {
  const { columns, colour } = io.out;
  if (flags.json === true) printJson(io, documentOf(result));
  else
    io.out.write(renderRun(result.story, { columns, colour, replay: result.again, ...agreementOf(result) }));
}

/** The plan, the story and the report; in the sim lane the history was written as it happened. */
function writeReplay(folder: string, result: Pick<Replayed, "story" | "again" | keyof Agreement>): void {
  const { story, again } = result;
  writeStoryFiles(folder, story);
  writeFileSync(join(folder, REPORT_FILE), renderRunHtml({ story, replay: again, ...agreementOf(result) }));
}

function agreementOf({ times, identical, changedSince, reproduced }: Agreement): Agreement {
  return { times, identical, changedSince, reproduced };
}

function documentOf(result: Replayed): unknown {
  const { story, token, historyHash, identical, changedSince, times, reproduced, failure } = result;
  const { scenario, form, lane, seed, verdict, checkers } = story.record;
  return {
    format: "faultline-replay",
    version: 1,
    verdict,
    scenario,
    form,
    lane,
    seed,
    token,
    times,
    ...(reproduced === null ? {} : { reproduced }),
    historyHash,
    identical,
    changedSince,
    failure,
    measures: checkers.flatMap(({ checker, measures = [] }) =>
      measures.map(({ name, ...measure }) => ({ checker, measure: name, ...measure })),
    ),
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
