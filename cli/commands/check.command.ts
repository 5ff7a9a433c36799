import type { Command } from "commander";
import { type HistoryFormat, hasRealTime } from "../../checkers/formats/format-names.ts";
import { checkHistory } from "../../checkers/index.ts";
import {
  isIsolationLevel,
  isolationLevel,
  orderDemandOf,
} from "../../checkers/transactions/isolation-levels.ts";
import { mergeVerdicts, type Verdict } from "../../checkers/verdict.ts";
import { FaultlineError } from "../../harness/faultline-error.ts";
import { wallClockMs } from "../../harness/time/wall-clock.ts";
import { checkProgress } from "../check-progress.ts";
import { type CheckedFile, checkDocument } from "../checked-file.ts";
import { type CheckerFlags, chosenCheckers, noCheckerError } from "../chosen-checkers.ts";
import type { CommandIo } from "../command-io.ts";
import { exitCodes } from "../exit-code.ts";
import { eachFile, type FileOutcome, failureCode } from "../file-failure.ts";
import { fittingCheckers } from "../fitting-checkers.ts";
import { limitedBudget } from "../limited-budget.ts";
import {
  historyFormatName,
  lineOrder,
  nameList,
  namePairs,
  phaseList,
  settingPair,
  wholeNumber,
} from "../parse-options.ts";
import { printJson } from "../print-json.ts";
import { readByTime } from "../read-by-time.ts";
import { type ReadHistoryFile, type ReadingFlags, readHistoryFile } from "../read-history-file.ts";
import { type CheckedBy, renderCheck } from "../render-check.ts";
import { renderFiles } from "../render-files.ts";
import { requireFile } from "../require-path.ts";

const EXAMPLES = `
A history comes from Faultline, from your own tests, or from elsewhere (Jepsen, Elle, Porcupine, AWDIT):
docs/history-format.md and docs/checkers/formats.md describe what is read. \`faultline list\` names the
checkers. Where your functions or fields have other names than a checker reads by default, --function and
--field say which stands for which. With several files the exit code is that of the worst; a file that cannot be
read keeps no other from its verdict.

Examples:
  faultline check history.ndjson --checker optimistic-lock
  faultline check history.ndjson --checker optimistic-lock,activity --json
  faultline check history.ndjson --checker optimistic-lock --function read=get,load --field version=rev
  faultline check history.ndjson --checker availability --set recoverWithinMs=2000 --set minOkDuring=0.2
  faultline check store/*/history.edn --checker list-append --isolation serializable
  faultline check client-1.ndjson client-2.ndjson --merge --checker linearizability
  faultline check etcd.log --checker linearizability --model cas-register --budget-ms 10000
`;

const MEMORY_MB_MAX = 1_000_000;
const TIME_MS_MAX = 604_800_000;

interface CheckFlags extends CheckerFlags, ReadingFlags {
  readonly order?: "time";
  readonly merge?: true;
  readonly budgetMs?: number;
  readonly budgetMb?: number;
  readonly json?: true;
}

/** `faultline check`: judges recorded histories, wherever they come from. */
export function checkCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("check")
    .summary("judge recorded histories")
    .description("Judge recorded histories with one or more checkers.")
    .argument("<history...>", "history files")
    .option("--checker <names>", "the checkers, with commas between them", nameList)
    .option("--format <name>", "the format of the files (default: guessed)", historyFormatName)
    .option("--keyed", "values are pairs of a key and a value (jepsen.independent; default: guessed)")
    .option("--no-keyed", "pairs are values")
    .option("--order <name>", "time: put the lines of a file in the order of their times", lineOrder)
    .option("--merge", "the files are parts of one history, in the order of their times")
    .option("--model <name>", "the sequential model, for checkers that take one")
    .option("--isolation <name>", "the isolation level, for checkers that take one")
    .option("--function <name=theirs>", "a function of the checkers and its names in the history", namePairs)
    .option("--field <name=theirs>", "a field of the checkers and its name in the history", namePairs)
    .option("--set <name=value>", "a setting of the checkers, such as recoverWithinMs=2000", settingPair)
    .option("--per-key", "judge each key by itself")
    .option("--per-phase <names>", "judge the calls of these phases, each phase by itself", phaseList)
    .option("--budget-ms <number>", "milliseconds for each checker on each file", wholeNumber(1, TIME_MS_MAX))
    .option(
      "--budget-mb <number>",
      "megabytes of working memory for each checker",
      wholeNumber(1, MEMORY_MB_MAX),
    )
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: CheckFlags) => {
      finish(await check(paths, flags, io));
    });
}

async function check(paths: readonly string[], flags: CheckFlags, io: CommandIo): Promise<number> {
  if (flags.checker === undefined) throw noCheckerError(await fittingFirst(paths, flags, io));
  const names = flags.checker;
  // What the flags themselves say wrongly is said before a long file is read.
  chosenCheckers(names, flags, flags.format ?? "ndjson");
  const checked =
    flags.merge === true
      ? await eachFile([paths.join(" + ")], io, (name) => checkFile(name, paths, names, flags, io))
      : await eachFile(paths, io, (path) => checkFile(path, [path], names, flags, io));
  const failed = failureCode(checked);
  const verdicts = checked.map(({ done }) => done?.verdict ?? "unknown");
  const verdict = mergeVerdicts(verdicts);
  if (flags.json === true) printJson(io, checkDocument(verdict, checked));
  else io.out.write(renderAll(verdict, checked, io));
  return verdict !== "invalid" && failed !== null ? failed : exitCodes[verdict];
}

function renderAll(verdict: Verdict, checked: readonly FileOutcome<CheckedFile>[], io: CommandIo): string {
  const [only, ...others] = checked;
  if (others.length > 0 || only?.done === undefined) return renderFiles(verdict, checked, io.out);
  return renderCheck(only.done.history, verdict, only.done.results, io.out);
}

async function checkFile(
  path: string,
  parts: readonly string[],
  names: readonly string[],
  flags: CheckFlags,
  io: CommandIo,
): Promise<CheckedFile> {
  const { history, format, warnings } = await readParts(parts, flags, io);
  refuseRealTime(path, format, names, flags);
  const checkers = chosenCheckers(names, flags, format);
  for (const warning of warnings) io.err.write(`faultline: warning: ${warning}\n`);
  if (history.length === 0) {
    const why = `there is no operation in it, read as ${format}; --format names another format`;
    io.err.write(`faultline: warning: ${path}: ${why} [no-operation]\n`);
  }
  const results = checkers.map((checker): CheckedBy => {
    using progress = checkProgress(io.err);
    const startMs = wallClockMs();
    const budget = limitedBudget(
      {
        ...(flags.budgetMs === undefined ? {} : { ms: flags.budgetMs }),
        ...(flags.budgetMb === undefined ? {} : { mb: flags.budgetMb }),
      },
      wallClockMs,
      (done, elapsedMs) => progress.show(`${path}: ${checker.name}`, done, elapsedMs),
    );
    const [outcome] = checkHistory(history, [checker], budget).results;
    if (outcome === undefined) throw new Error(`${checker.name} gave no result`);
    return { checker, result: outcome.result, ms: Math.round((wallClockMs() - startMs) * 1000) / 1000 };
  });
  const verdict = mergeVerdicts(results.map(({ result }) => result.verdict));
  return { file: path, format, history, warnings, verdict, results };
}

/** Reads the files of one history. */
async function readParts(
  parts: readonly string[],
  flags: CheckFlags,
  io: CommandIo,
): Promise<ReadHistoryFile> {
  const [path = ""] = parts;
  if (flags.order === "time" || flags.merge === true) return readByTime(parts, io, flags);
  return readHistoryFile(requireFile(path, io.cwd), path, flags, io.err);
}

/** A file without times or an order of events cannot be asked what only these can answer. */
function refuseRealTime(
  path: string,
  format: HistoryFormat,
  names: readonly string[],
  { isolation }: CheckFlags,
): void {
  if (hasRealTime(format)) return;
  const isStrict =
    isolation !== undefined &&
    isIsolationLevel(isolation) &&
    orderDemandOf([isolationLevel(isolation)]) === "real-time";
  const asked = names.includes("linearizability") ? "linearizability" : isStrict ? isolation : null;
  if (asked === null) return;
  throw new FaultlineError(
    "usage",
    "no-real-time",
    `${path} has its sessions one after the other: it cannot tell about ${asked}, which is about real time.`,
    "Ask for an isolation level such as serializable, causal or read-atomic.",
  );
}

/** The checkers that fit the first history; none where it cannot be read. */
async function fittingFirst(
  paths: readonly string[],
  flags: CheckFlags,
  io: CommandIo,
): Promise<readonly string[]> {
  try {
    const first = flags.merge === true ? paths : paths.slice(0, 1);
    return fittingCheckers((await readParts(first, flags, io)).history);
  } catch (error) {
    if (error instanceof FaultlineError) return [];
    throw error;
  }
}
