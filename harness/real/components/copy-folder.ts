import { FaultlineError } from "../../faultline-error.ts";
import { runProgram } from "./run-program.ts";

const TIMEOUT_MS = 120_000;

/** Copies a folder with modes and, as root, owners; `to` must not be there. Throws `copy-failed`. */
export async function copyFolder(from: string, to: string): Promise<void> {
  const { code, output } = await runProgram("cp", ["-Rp", from, to], { timeoutMs: TIMEOUT_MS });
  if (code === 0) return;
  throw new FaultlineError(
    "harness",
    "copy-failed",
    `${from} cannot be copied to ${to}: ${output.trim()}`,
    "Is the disk full?",
  );
}
