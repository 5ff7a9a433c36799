import { FaultlineError } from "../faultline-error.ts";
import type { HarnessFailure } from "../record/run-record.ts";

/** What an error means for a run: usage errors are thrown on, everything else is a failure of the harness. */
export function failureOf(error: unknown): HarnessFailure {
  if (error instanceof FaultlineError) {
    if (error.kind === "usage") throw error;
    return { code: error.code, message: error.message };
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: "unexpected-error", message };
}
