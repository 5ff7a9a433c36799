import { type Stats, statSync } from "node:fs";
import { resolve } from "node:path";
import { clippedText } from "../checkers/history/excerpt.ts";
import { FaultlineError } from "../harness/faultline-error.ts";

const NAME_MAX = 200;

/** What there is at a path that the user gave; undefined: nothing. Throws `unreadable-path` where the system does not say. */
export function lookAtPath(named: string, cwd: string): Stats | undefined {
  try {
    return statSync(resolve(cwd, named), { throwIfNoEntry: false });
  } catch (error) {
    // The system's words end with the whole path, however long it is.
    const why = error instanceof Error ? error.message.replace(/, stat '.*$/s, "") : String(error);
    throw new FaultlineError("usage", "unreadable-path", `${shownPath(named)} cannot be looked at: ${why}.`);
  }
}

/** A path as messages name it: the beginning of a long one; an empty one can be seen. */
export function shownPath(named: string): string {
  return named === "" ? '""' : clippedText(named, NAME_MAX);
}
