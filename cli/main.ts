import { reportError } from "./report-error.ts";
import { runCli } from "./run-cli.ts";
import { systemIo } from "./system-io.ts";

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  const io = systemIo();
  const argv = process.argv.slice(2);
  process.on("uncaughtException", (error) => {
    process.exit(reportError(error, io, argv.includes("--json")));
  });
  process.exitCode = await runCli(argv, io);
}
