import { stripVTControlCharacters } from "node:util";
import type { Clock } from "../../time/clock.ts";
import type { ComponentEnvironment } from "./component-environment.ts";
import type { Download } from "./download.ts";

/** What getting a component needs. */
export interface ObtainContext {
  readonly environment: ComponentEnvironment;
  /** Nothing is fetched: only what caches on this machine already hold is used. */
  readonly offline: boolean;
  readonly download: Download;
  readonly clock: Clock;
  /** Tells what is being done, a line each. */
  say(line: string): void;
}

/** Got, and now in the cache; or why not, and the exact command that would help. */
export type Obtained =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly command: string };

/** Gets a component; what it throws becomes a reason, never a failure of the harness. */
export async function attempt(get: () => Promise<Obtained>, command: string): Promise<Obtained> {
  try {
    return await get();
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error), command };
  }
}

/** The last lines of what a program said, on one line, for a report of why it failed. */
export function lastWords(output: string): string {
  const lines = output.split("\n").map((line) => stripVTControlCharacters(line).trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join(" ");
}
