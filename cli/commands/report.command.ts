import { resolve } from "node:path";
import type { Command } from "commander";
import { readRunFolder } from "../../harness/run/read-run-folder.ts";
import { renderSuite } from "../../reports/terminal.reporter.ts";
import type { CommandIo } from "../command-io.ts";
import { exitCodes } from "../exit-code.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { printJson } from "../print-json.ts";
import { requireFolder } from "../require-path.ts";
import { writeReport } from "../write-report.ts";

const EXAMPLES = `
Works on the folder of a killed run too: what finished is reported, as incomplete. The exit code is 0
when the report was written, whatever the verdict.

Examples:
  faultline report .faultline/runs/20260801T094500Z-7
  faultline report .faultline/runs/20260801T094500Z-7 --open
`;

interface ReportFlags {
  readonly open?: true;
  readonly json?: true;
}

/** `faultline report`: writes the HTML report of a run folder anew. */
export function reportCommand(program: Command, io: CommandIo, finish: (exitCode: number) => void): void {
  program
    .command("report")
    .summary("write the HTML report of a run folder")
    .description("Write the HTML report of a run folder and print its summary.")
    .argument("<run folder>", "the folder that `faultline run` printed")
    .option("--open", "open the report in the browser")
    .option("--json", "print the result as one JSON document")
    .addHelpText("after", EXAMPLES)
    .action((folder: string, flags: ReportFlags) => {
      finish(report(folder, flags, io));
    });
}

function report(folder: string, flags: ReportFlags, io: CommandIo): number {
  const content = readRunFolder(requireFolder(folder, io.cwd));
  const suite = { ...content.suite, folder };
  const reportPath = writeReport(folder, io.cwd, { ...content, suite });
  if (flags.json === true) {
    const { verdict, complete } = suite;
    printJson(io, { format: "faultline-report", version: 1, folder, report: reportPath, verdict, complete });
  } else {
    const { columns, colour } = io.out;
    io.out.write(renderSuite(suite, content.stories, { columns, colour, reportPath }));
  }
  if (flags.open === true) openInBrowser(resolve(io.cwd, reportPath), io);
  return exitCodes.valid;
}
