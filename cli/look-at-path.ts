import type { Stats } from "node:fs";
import { resolve } from "node:path";
import { clippedText } from "../checkers/history/excerpt.ts";
import { entryAt } from "../harness/run/entry-at.ts";

const NAME_MAX = 200;

/** What there is at a path that the user gave; undefined: nothing. Throws `unreadable-path` where the system does not say. */
export function lookAtPath(named: string, cwd: string): Stats | undefined {
  return entryAt(resolve(cwd, named), shownPath(named));
}

/** A path as messages name it: the beginning of a long one; an empty one can be seen. */
export function shownPath(named: string): string {
  return named === "" ? '""' : clippedText(named, NAME_MAX);
}
