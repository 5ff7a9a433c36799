import { Command, CommanderError } from "commander";
import type { CommandIo } from "./command-io.ts";
import { checkCommand } from "./commands/check.command.ts";
import { doctorCommand } from "./commands/doctor.command.ts";
import { exportCommand } from "./commands/export.command.ts";
import { lintCommand } from "./commands/lint.command.ts";
import { listCommand } from "./commands/list.command.ts";
import { replayCommand } from "./commands/replay.command.ts";
import { reportCommand } from "./commands/report.command.ts";
import { runCommand } from "./commands/run.command.ts";
import { setupCommand } from "./commands/setup.command.ts";
import { exitCodes } from "./exit-code.ts";
import { faultlineVersion } from "./faultline-version.ts";
import { reportError } from "./report-error.ts";

const EXIT_CODES = `
Exit codes:
  0    valid: every hardened form held, every textbook form and defect was caught
  1    invalid: an anomaly where there must be none, or a defect that got away
  2    unknown: too little was examined to tell
  254  bad arguments, configuration or input file
  255  the harness itself failed
`;

/** Runs one command line and answers its exit code. Never throws. */
export async function runCli(argv: readonly string[], io: CommandIo): Promise<number> {
  let exitCode: number = exitCodes.badArguments;
  try {
    const program = createProgram(io, (code) => {
      exitCode = code;
    });
    if (argv.length === 0) {
      io.err.write(program.helpInformation());
      return exitCodes.badArguments;
    }
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.valid;
    return reportError(error, io, argv.includes("--json"));
  }
}

function createProgram(io: CommandIo, finish: (exitCode: number) => void): Command {
  const program = new Command("faultline")
    .description(
      "Finds where services stop agreeing: randomized operations under faults, judged by checkers.",
    )
    .version(faultlineVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      // Errors are thrown and printed in one place.
      outputError: () => {},
      getOutHelpWidth: () => Math.max(60, io.out.columns),
    })
    .addHelpText("after", EXIT_CODES);
  for (const define of [
    listCommand,
    runCommand,
    replayCommand,
    checkCommand,
    lintCommand,
    exportCommand,
    reportCommand,
    setupCommand,
    doctorCommand,
  ]) {
    define(program, io, finish);
  }
  return program;
}
