import type { HarnessFailure, RunRecord } from "../record/run-record.ts";
import type { Story } from "../record/story.ts";

/** What a worker is asked to do: run some seeds of a form, or make the story of one seed small. */
export type SweepJob =
  | {
      readonly kind: "runs";
      readonly scenario: string;
      readonly form: string;
      readonly seed: number;
      readonly count: number;
    }
  | {
      readonly kind: "shrink";
      readonly scenario: string;
      readonly form: string;
      readonly seed: number;
      readonly executionsMax: number;
    };

/** What a worker answers: each run as it finishes, a story, and at last that the job is done. */
export type SweepAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "run"; readonly record: RunRecord }
  | { readonly kind: "story"; readonly story: Story }
  | { readonly kind: "done"; readonly wallMs: number; readonly failure: HarnessFailure | null };
