import type { MadeThing } from "../substrate/remove-made.ts";
import type { LabelledContainers } from "./remove-containers.ts";

/** The variable that every started process carries, so that the reaper knows also what it was not told of. */
export const REAPER_VARIABLE = "FAULTLINE_REAPER";

/**
 * A line that the harness writes to its reaper: a process was started, has ended, a folder or containers are to be removed,
 * something was made on a server that outlives the harness (null: it is gone). Passwords go this way only: no other
 * process can read a pipe.
 */
export type ReaperMessage =
  | { readonly watch: number; readonly postgresData?: string }
  | { readonly ended: number }
  | { readonly folder: string }
  | { readonly containers: LabelledContainers }
  | { readonly made: number; readonly thing: MadeThing | null };
