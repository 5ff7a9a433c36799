import { type Stats, statSync } from "node:fs";
import { FaultlineError } from "../faultline-error.ts";

/**
 * What there is at a path; undefined: nothing. `shown` names it in messages. Throws `unreadable-path` where the system
 * does not say, as in a folder that others may not look into: that is not the same as nothing.
 */
export function entryAt(path: string, shown: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // The system's words end with the whole path, however long it is.
    const why = error instanceof Error ? error.message.replace(/, stat '.*$/s, "") : String(error);
    throw new FaultlineError("usage", "unreadable-path", `${shown} cannot be looked at: ${why}.`);
  }
}
