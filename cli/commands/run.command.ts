import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError } from "commander";
import type { SuiteRecord } from "../../harness/record/suite-record.ts";
import { findScenario } from "../../harness/run/catalog.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { type SweepResult, sweep } from "../../harness/run/sweep.ts";
import { wallClockEpochMs } from "../../harness/time/wall-clock.ts";
import { renderSuite } from "../../reports/terminal.reporter.ts";
import { chooseSeed } from "../choose-seed.ts";
import type { CommandIo } from "../command-io.ts";
import type { FaultlineConfig } from "../config/define-config.ts";
import { loadConfig } from "../config/load-config.ts";
import { scenariosOf } from "../config/scenarios-of.ts";
import { exitCodeOf, exitCodes } from "../exit-code.ts";
import { watchInterruption } from "../interruption.ts";
import { SEED_MAX, wholeNumber } from "../parse-options.ts";
import { defaultRunFolder, prepareRunFolder } from "../prepare-run-folder.ts";
import { printJson } from "../print-json.ts";
import { progressPrinter } from "../progress-printer.ts";
import { randomSeed } from "../random-seed.ts";
import { requireForm } from "../require-form.ts";
import { runFolderStamp } from "../run-folder-stamp.ts";
import { spawnSweepWorker } from "../spawn-sweep-worker.ts";
import { writeReport } from "../write-report.ts";

const EXAMPLES = `
Without --form every form is taken: the hardened form must hold, the textbook form and each defect must
be caught. With --form the verdict is the one of that form. --out names the run folder itself; the
default is a new folder .faultline/runs/<time>-<seed>.

Examples:
  faultline run
  faultline run acknowledged-updates-are-kept --seed 7 --runs 200
  faultline run acknowledged-updates-are-kept --form textbook --out /tmp/one-run
  faultline run --seed 7 --json > verdict.json
`;

interface RunFlags {
  readonly seed?: number;
  readonly runs?: number;
  readonly lane: string;
  readonly form?: string;
  readonly out?: string;
  readonly workers?: number;
  readonly config?: string;
  readonly json?: true;
}

/** `faultline run`: sweeps scenarios over many seeds and judges each form. */
export function runCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("run")
    .summary("run scenarios over many seeds and judge each form")
    .description("Run scenarios (all, unless some are named) over many seeds, and judge each form.")
    .argument("[scenario...]", "names, as `faultline list` shows them")
    .option("--seed <number>", "seed of the first run; run i has seed + i", wholeNumber(0, SEED_MAX))
    .option(
      "--runs <number>",
      "runs of each form (default: 1000 hardened, 200 other)",
      wholeNumber(1, 100_000_000),
    )
    .option("--lane <name>", "where to run; this version has `sim`", simLane, "sim")
    .option("--form <name>", "only this form: hardened, textbook or defect:<name>")
    .option("--out <folder>", "the run folder")
    .option("--workers <number>", "worker threads (default: one per core)", wholeNumber(1, 256))
    .option("--config <file>", "configuration (default: faultline.config.ts, if there is one)")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (names: readonly string[], flags: RunFlags) => {
      finish(await run(names, flags, io));
    });
}

async function run(names: readonly string[], flags: RunFlags, io: CommandIo): Promise<number> {
  const loaded = await loadConfig(flags.config, io.cwd);
  const all = scenariosOf(loaded);
  const chosen = chosenScenarios(all, names, flags.form);
  const { seed, isFresh } = chooseSeed(flags.seed, loaded.config.seed, io.env, randomSeed);
  const folder =
    flags.out ?? loaded.config.out ?? defaultRunFolder(runFolderStamp(wallClockEpochMs()), seed, io.cwd);
  prepareRunFolder(folder, io.cwd);
  if (isFresh) io.err.write(`Seed ${seed} was drawn for this run; --seed ${seed} repeats it.\n`);
  const result = await sweepThem(
    chosen,
    { seed, folder, flags, config: loaded.config, configPath: loaded.path },
    io,
  );
  const reportPath = writeReport(folder, io.cwd, result);
  if (flags.json === true) printJson(io, result.suite);
  else io.out.write(renderSuite(result.suite, result.stories, { ...styleOf(io), reportPath }));
  return exitCodeOf(result.suite.verdict, harnessFailed(result.suite));
}

function chosenScenarios(
  all: readonly Scenario[],
  names: readonly string[],
  form: string | undefined,
): readonly Scenario[] {
  const chosen = names.length === 0 ? all : [...new Set(names)].map((name) => findScenario(all, name));
  return form === undefined ? chosen : requireForm(chosen, form, names.length > 0);
}

interface SweepRequest {
  readonly seed: number;
  readonly folder: string;
  readonly flags: RunFlags;
  readonly config: FaultlineConfig;
  readonly configPath: string | null;
}

async function sweepThem(
  scenarios: readonly Scenario[],
  { seed, folder, flags, config, configPath }: SweepRequest,
  io: CommandIo,
): Promise<SweepResult> {
  using progress = progressPrinter(io.err);
  using interruption = watchInterruption(io, () => io.exit(exitCodes.unknown));
  return await sweep({
    scenarios,
    form: flags.form ?? null,
    seed,
    runs: flags.runs ?? config.runs ?? null,
    workers: flags.workers ?? config.workers ?? availableParallelism(),
    folder,
    spawnWorker: () => spawnSweepWorker({ configPath }),
    signal: interruption.signal,
    onProgress: (now) => progress.show(now),
  });
}

function simLane(name: string): string {
  if (name === "sim") return name;
  throw new InvalidArgumentError("This version has one lane: sim.");
}

function harnessFailed(suite: SuiteRecord): boolean {
  return suite.summary.some((form) => form.failure !== null || form.judgement === "failed");
}

function styleOf(io: CommandIo): { columns: number; colour: boolean } {
  return { columns: io.out.columns, colour: io.out.colour };
}
