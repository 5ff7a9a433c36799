import type { Command } from "commander";
import type { HistoryFormat } from "../../checkers/formats/format-names.ts";
import { lintFile } from "../../checkers/lint/lint-file.ts";
import type { CommandIo } from "../command-io.ts";
import { exitCodes } from "../exit-code.ts";
import { eachFile, failureCode, failureDocument } from "../file-failure.ts";
import { historyFormatName, wholeNumber } from "../parse-options.ts";
import { printJson } from "../print-json.ts";
import type { ReadingFlags } from "../read-history-file.ts";
import { type LintedFile, renderLint } from "../render-lint.ts";
import { requireFile } from "../require-path.ts";
import { streamHistoryFile } from "../stream-history-file.ts";

const EXAMPLES = `
Says what about a file changes verdicts on it: lines that cannot be read, completions without a call,
processes that go on after an unknown outcome, values that are not unique, times that go back, and so on.
Works on files that \`faultline check\` refuses. docs/checkers/formats.md describes every finding.

The exit code is 0 where nothing changes a verdict, 1 where something does, else 254 where a file cannot
be read at all; the others are told about all the same.

Examples:
  faultline lint history.ndjson
  faultline lint store/*/history.edn --json
  faultline lint history.txt --format isolation-text --limit 20
`;

const LIMIT = 1000;
const LIMIT_MAX = 1_000_000;

interface LintFlags extends ReadingFlags {
  readonly limit?: number;
  readonly json?: true;
}

/** `faultline lint`: what about a history would change what checkers say of it. */
export function lintCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("lint")
    .summary("say what about a history changes verdicts on it")
    .description("Say what about recorded histories changes the verdicts on them.")
    .argument("<history...>", "history files")
    .option("--format <name>", "the format of the files (default: guessed)", historyFormatName)
    .option("--keyed", "values are pairs of a key and a value (jepsen.independent; default: guessed)")
    .option("--no-keyed", "pairs are values")
    .option(
      "--limit <number>",
      `findings of one kind that are listed (default: ${LIMIT})`,
      wholeNumber(1, LIMIT_MAX),
    )
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action(async (paths: readonly string[], flags: LintFlags) => {
      finish(await lint(paths, flags, io));
    });
}

async function lint(paths: readonly string[], flags: LintFlags, io: CommandIo): Promise<number> {
  const files = await eachFile(paths, io, (path) => readAndLint(path, flags, io));
  if (flags.json === true) {
    const documents = files.map(({ done, failure }) =>
      failure === undefined
        ? { file: done.file, format: done.format, ...done.report }
        : { file: failure.file, error: failureDocument(failure) },
    );
    printJson(io, { format: "faultline-lint", version: 1, files: documents });
  } else io.out.write(renderLint(files, io.out));
  const isChanging = files.some(({ done }) => done !== undefined && done.report.changing > 0);
  return isChanging ? exitCodes.invalid : (failureCode(files) ?? exitCodes.valid);
}

async function readAndLint(path: string, flags: LintFlags, io: CommandIo): Promise<LintedFile> {
  const keyed = flags.keyed === undefined ? {} : { keyed: flags.keyed };
  const options = { limitPerCode: flags.limit ?? LIMIT, ...keyed };
  const file = requireFile(path, io.cwd);
  const open = (name: HistoryFormat) => lintFile(name, options);
  const { result, format } = await streamHistoryFile(file, path, flags.format, open, io.err);
  return { file: path, format, report: result };
}
