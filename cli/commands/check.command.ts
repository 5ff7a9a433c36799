import type { Command } from "commander";
import type { Checker } from "../../checkers/checker.ts";
import { type CheckerMapping, checkerByName, checkerNames, checkHistory } from "../../checkers/index.ts";
import { mergeVerdicts } from "../../checkers/verdict.ts";
import { FaultlineError } from "../../harness/faultline-error.ts";
import { wallClockMs } from "../../harness/time/wall-clock.ts";
import type { CommandIo } from "../command-io.ts";
import { exitCodes } from "../exit-code.ts";
import { nameList, namePairs } from "../parse-options.ts";
import { printJson } from "../print-json.ts";
import { readHistoryFile } from "../read-history-file.ts";
import { type CheckedBy, renderCheck } from "../render-check.ts";
import { requireFile } from "../require-path.ts";

const EXAMPLES = `
A history is a file with one JSON object per line, from Faultline or from your own tests; its format is
described in docs/history-format.md. \`faultline list\` names the checkers. Where your functions or fields
have other names than a checker reads by default, --function and --field say which stands for which.

Examples:
  faultline check history.ndjson --checker optimistic-lock
  faultline check history.ndjson --checker optimistic-lock,activity --json
  faultline check history.ndjson --checker optimistic-lock --function read=get,load --field version=rev
`;

interface CheckFlags {
  readonly checker?: readonly string[];
  readonly function?: Readonly<Record<string, readonly string[]>>;
  readonly field?: Readonly<Record<string, readonly string[]>>;
  readonly json?: true;
}

/** `faultline check`: judges a recorded history, wherever it comes from. */
export function checkCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("check")
    .summary("judge a recorded history")
    .description("Judge a recorded history with one or more checkers.")
    .argument("<history>", "a history file (NDJSON)")
    .option("--checker <names>", "the checkers, with commas between them", nameList)
    .option("--function <name=theirs>", "a function of the checkers and its names in the history", namePairs)
    .option("--field <name=theirs>", "a field of the checkers and its name in the history", namePairs)
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, flags: CheckFlags) => {
      finish(await check(path, flags, io));
    });
}

async function check(path: string, flags: CheckFlags, io: CommandIo): Promise<number> {
  const checkers = chosenCheckers(flags);
  const file = requireFile(path, io.cwd);
  const { history, warnings } = await readHistoryFile(file, path);
  for (const warning of warnings) io.err.write(`faultline: warning: ${warning}\n`);
  const results = checkers.map((checker): CheckedBy => {
    const startMs = wallClockMs();
    const [outcome] = checkHistory(history, [checker]).results;
    if (outcome === undefined) throw new Error(`${checker.name} gave no result`);
    return { checker, result: outcome.result, ms: Math.round((wallClockMs() - startMs) * 1000) / 1000 };
  });
  const verdict = mergeVerdicts(results.map(({ result }) => result.verdict));
  if (flags.json === true) {
    printJson(io, { format: "faultline-check", version: 1, verdict, checkers: results.map(documentOf) });
  } else io.out.write(renderCheck(history, verdict, results, io.out));
  return exitCodes[verdict];
}

function documentOf({ checker, result, ms }: CheckedBy): unknown {
  return {
    name: checker.name,
    claim: checker.claim,
    verdict: result.verdict,
    reason: result.verdict === "unknown" ? result.reason : null,
    anomalies: result.anomalies,
    stats: { ...result.stats, ms },
  };
}

function chosenCheckers(flags: CheckFlags): readonly Checker[] {
  const known = `There are: ${checkerNames.join(", ")}.`;
  if (flags.checker === undefined) {
    throw new FaultlineError("usage", "no-checker", "Which checker? Name one with --checker.", known);
  }
  const mapping = mappingOf(flags);
  return flags.checker.map((name) => {
    if (!checkerNames.includes(name)) {
      throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`, known);
    }
    return createChecker(name, mapping);
  });
}

function createChecker(name: string, mapping: CheckerMapping): Checker {
  try {
    const checker = checkerByName(name, mapping);
    if (checker !== undefined) return checker;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FaultlineError("usage", "bad-mapping", `${error.message}.`);
  }
  throw new FaultlineError("usage", "unknown-checker", `There is no checker "${name}".`);
}

function mappingOf(flags: CheckFlags): CheckerMapping {
  const fields = Object.entries(flags.field ?? {}).map(([name, theirs]) => {
    const [first = "", ...others] = theirs;
    if (others.length === 0) return [name, first] as const;
    throw new FaultlineError(
      "usage",
      "bad-mapping",
      `The field "${name}" has one name in a history, not several.`,
    );
  });
  return { functions: flags.function ?? {}, fields: Object.fromEntries(fields) };
}
