import type { LabelledContainers } from "./remove-containers.ts";

/** The variable that every started process carries, so that the reaper knows also what it was not told of. */
export const REAPER_VARIABLE = "FAULTLINE_REAPER";

/** A line that the harness writes to its reaper: a process was started, has ended, a folder or containers are to be removed. */
export type ReaperMessage =
  | { readonly watch: number; readonly postgresData?: string }
  | { readonly ended: number }
  | { readonly folder: string }
  | { readonly containers: LabelledContainers };
