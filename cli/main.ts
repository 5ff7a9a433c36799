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
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // Left to itself, Node may spin for ever in its own clean-up over a socket that was reset.
  process.exit();
}

/** Settles when everything that was written has been handed to the system; pipes are not written at once. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
