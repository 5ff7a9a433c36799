import { closeSync, openSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { exportJepsen, exportLosses } from "../../checkers/formats/jepsen-export.ts";
import type { History } from "../../checkers/history/history.ts";
import { FaultlineError } from "../../harness/faultline-error.ts";
import type { CommandIo } from "../command-io.ts";
import { oneLine } from "../error-document.ts";
import { exitCodes } from "../exit-code.ts";
import { historyFormatName } from "../parse-options.ts";
import { printJson } from "../print-json.ts";
import { type ReadingFlags, readHistoryFile } from "../read-history-file.ts";
import { requireFile } from "../require-path.ts";

const EXAMPLES = `
Writes the operations of a history as a Jepsen history, so that other checkers can give a second opinion.
Records, faults and phases are left out; with several keys each value becomes [key value], as
jepsen.independent writes it.

Examples:
  faultline export history.ndjson --format jepsen-json > history.json
  faultline export history.ndjson --format jepsen-edn --out history.edn
`;

/** Pieces are written together up to this many characters. */
const BLOCK = 1 << 16;

type ExportFormat = "jepsen-json" | "jepsen-edn";

interface ExportFlags {
  readonly format: ExportFormat;
  readonly from?: ReadingFlags["format"];
  readonly out?: string;
  readonly json?: true;
}

/** `faultline export`: a history for other tools. */
export function exportCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("export")
    .summary("write a history for other tools")
    .description("Write the operations of a history in a format that other tools read.")
    .argument("<history>", "a history file")
    .requiredOption("--format <name>", "jepsen-json or jepsen-edn", exportFormatName)
    .option("--from <name>", "the format of the history (default: guessed)", historyFormatName)
    .option("--out <file>", "the file to write (default: standard output)")
    .option("--json", "print what was written as one JSON document; needs --out")
    .addHelpText("after", EXAMPLES)
    .action(async (path: string, flags: ExportFlags) => {
      finish(await exportHistory(path, flags, io));
    });
}

function exportFormatName(name: string): ExportFormat {
  if (name === "jepsen-json" || name === "jepsen-edn") return name;
  throw new InvalidArgumentError("Expected one of: jepsen-json, jepsen-edn.");
}

async function exportHistory(path: string, flags: ExportFlags, io: CommandIo): Promise<number> {
  const { out, format } = flags;
  if (flags.json === true && out === undefined) {
    throw new FaultlineError(
      "usage",
      "no-out",
      "With --json the history needs a file of its own: name it with --out.",
    );
  }
  const from = flags.from === undefined ? {} : { format: flags.from };
  const { history, warnings } = await readHistoryFile(requireFile(path, io.cwd), path, from, io.err);
  for (const warning of warnings) io.err.write(`faultline: warning: ${warning}\n`);
  const losses = exportLosses(history);
  if (out === undefined) writeBlocks(history, format, (text) => io.out.write(text));
  else writeFile(history, format, resolve(io.cwd, out), out);
  if (losses.leftOut > 0) {
    io.err.write(`faultline: ${losses.leftOut} records, faults and phases are left out.\n`);
  }
  if (flags.json === true) {
    printJson(io, {
      format: "faultline-export",
      version: 1,
      out,
      written: format,
      events: history.length,
      ...losses,
    });
  }
  return exitCodes.valid;
}

function writeFile(history: History, format: ExportFormat, file: string, shown: string): void {
  let descriptor = -1;
  try {
    descriptor = openSync(file, "w");
    writeBlocks(history, format, (text) => writeSync(descriptor, text));
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    throw new FaultlineError("usage", "unwritable-file", `${shown} cannot be written: ${why}.`);
  } finally {
    if (descriptor >= 0) closeSync(descriptor);
  }
}

function writeBlocks(history: History, format: ExportFormat, write: (text: string) => void): void {
  let block = "";
  for (const piece of exportJepsen(history, format === "jepsen-json" ? "json" : "edn")) {
    block += piece;
    if (block.length < BLOCK) continue;
    write(block);
    block = "";
  }
  write(block);
}
