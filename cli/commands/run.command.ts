import { availableParallelism } from "node:os";
import type { Command } from "commander";
import type { SubstrateName } from "../../harness/real/substrate/substrate.ts";
import type { Lane } from "../../harness/record/lane.ts";
import type { SuiteRecord } from "../../harness/record/suite-record.ts";
import { findScenario } from "../../harness/run/catalog.ts";
import type { Scenario } from "../../harness/run/scenario.ts";
import { withoutFaults } from "../../harness/run/without-faults.ts";
import { wallClockEpochMs } from "../../harness/time/wall-clock.ts";
import { renderSuite } from "../../reports/terminal.reporter.ts";
import { chooseSeed } from "../choose-seed.ts";
import type { CommandIo } from "../command-io.ts";
import { loadConfig } from "../config/load-config.ts";
import { scenariosOf } from "../config/scenarios-of.ts";
import { exitCodeOf } from "../exit-code.ts";
import { laneName, nameList, SEED_MAX, substrateName, wholeNumber } from "../parse-options.ts";
import { defaultRunFolder, prepareRunFolder } from "../prepare-run-folder.ts";
import { printJson } from "../print-json.ts";
import { randomSeed } from "../random-seed.ts";
import { refuseServersInSimulation } from "../refuse-servers-in-simulation.ts";
import { requireForm } from "../require-form.ts";
import { runFolderStamp } from "../run-folder-stamp.ts";
import { sweepInSimulation } from "../sweep-in-simulation.ts";
import { type SweepRequest, sweepOnServers } from "../sweep-on-servers.ts";
import { writeReport } from "../write-report.ts";

const EXAMPLES = `
Without --form every form is taken: the hardened form must hold, the textbook form and each defect must
be caught. With --form the verdict is the form's own: a textbook form or a defect that is caught, as it
must be, is invalid (exit code 1). --out names the run folder itself; the default is a new folder
.faultline/runs/<time>-<seed>.
--lane real runs every service as a process of its own, on real servers behind proxies: \`faultline setup\`
gets them, \`faultline doctor\` shows them. It takes the forms that each scenario names for that lane.

Examples:
  faultline run
  faultline run acknowledged-updates-are-kept --seed 7 --runs 200
  faultline run acknowledged-updates-are-kept --form textbook --out /tmp/one-run
  faultline run --seed 7 --json > verdict.json
  faultline run sagas-end-atomically --lane real --seed 7
  faultline run --lane real --substrate local --seed 7
`;

interface RunFlags {
  readonly seed?: number;
  readonly runs?: number;
  readonly quick?: true;
  readonly lane: Lane;
  readonly substrate?: SubstrateName;
  readonly form?: string;
  readonly withoutFault?: readonly string[];
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
      "runs of each form (default: 1000 hardened, 200 other; real lane: 2, and at most 8)",
      wholeNumber(1, 100_000_000),
    )
    .option("--quick", "100 runs of each hardened form, every other one only until it is caught")
    .option("--lane <name>", "where to run: sim or real", laneName, "sim")
    .option("--substrate <name>", "servers of the real lane: local, docker or external", substrateName)
    .option("--form <name>", "only this form: hardened, textbook or defect:<name>")
    .option(
      "--without-fault <names>",
      "leave faults out, with commas between them; name@stores: only where it hits a store's process; name@replication: only between a replica and its primary",
      nameList,
    )
    .option("--out <folder>", "the run folder")
    .option(
      "--workers <number>",
      "worker threads of the sim lane (default: one per core)",
      wholeNumber(1, 256),
    )
    .option("--config <file>", "configuration (default: faultline.config.ts, if there is one)")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (names: readonly string[], flags: RunFlags) => {
      finish(await run(names, flags, io));
    });
}

async function run(names: readonly string[], flags: RunFlags, io: CommandIo): Promise<number> {
  refuseServersInSimulation(flags.lane, flags.substrate, "Add `--lane real`, or leave `--substrate` out.");
  const loaded = await loadConfig(flags.config, io.cwd);
  const all = scenariosOf(loaded);
  const left = flags.withoutFault ?? [];
  const chosen = chosenScenarios(all, names, flags.form).map((scenario) => withoutFaults(scenario, left));
  const { seed, isFresh } = chooseSeed(flags.seed, loaded.config.seed, io.env, randomSeed);
  const folder =
    flags.out ?? loaded.config.out ?? defaultRunFolder(runFolderStamp(wallClockEpochMs()), seed, io.cwd);
  prepareRunFolder(folder, io.cwd);
  if (isFresh) io.err.write(`Seed ${seed} was drawn for this run; --seed ${seed} repeats it.\n`);
  const request: SweepRequest = {
    scenarios: chosen,
    withoutFaults: left,
    form: flags.form ?? null,
    seed,
    runs: flags.runs ?? (flags.quick === true ? null : loaded.config.runs) ?? null,
    untilCaught: flags.quick === true,
    workers: flags.workers ?? loaded.config.workers ?? availableParallelism(),
    substrate: flags.substrate ?? loaded.config.substrate ?? null,
    folder,
    loaded,
    config: flags.config,
  };
  const result =
    flags.lane === "sim" ? await sweepInSimulation(request, io) : await sweepOnServers(request, io);
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

function harnessFailed(suite: SuiteRecord): boolean {
  return suite.summary.some((form) => form.failure !== null || form.judgement === "failed");
}

function styleOf(io: CommandIo): { columns: number; colour: boolean } {
  return { columns: io.out.columns, colour: io.out.colour };
}
