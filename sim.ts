export { HistoryFile, type HistorySink } from "./harness/record/history-file.ts";
export type { CheckerRecord, HarnessFailure, RunRecord } from "./harness/record/run-record.ts";
export type { Story } from "./harness/record/story.ts";
export { drawPlan, planArbitrary } from "./harness/run/draw-plan.ts";
export { type ExecutedPlan, executePlan, type PlanToExecute } from "./harness/run/execute-plan.ts";
export type { Plan } from "./harness/run/plan.ts";
export { type ReplayResult, replayPlanFile, replayToken } from "./harness/run/replay.ts";
export { type ShrinkTask, type ShrunkPlan, shrink } from "./harness/run/shrink.ts";
