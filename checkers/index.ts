export { type ActivityOptions, activity } from "./activity/activity.checker.ts";
export { type CheckerOutcome, checkHistory, type HistoryCheck } from "./check-history.ts";
export type { Anomaly, Checker, CheckResult, CheckStats, Witness } from "./checker.ts";
export { type ConservationOptions, conservation } from "./conservation/conservation.checker.ts";
export type {
  StockFields,
  StockFunctions,
  StockModelOptions,
  StockMove,
} from "./conservation/stock-model.ts";
export { type DurabilityOptions, durability } from "./durability/durability.checker.ts";
export type { StateFunctions } from "./entity/key-kind.ts";
export type { EntityFields, EntityFunctions } from "./entity/versioned-entity.ts";
export type { AppendProblem } from "./history/append-problem.ts";
export { describeReadError } from "./history/describe-read-error.ts";
export { eventAt, eventsOf } from "./history/event-at.ts";
export type { FunctionNames } from "./history/function-roles.ts";
export { FAIL, type History, type HistoryHeader, INFO, INVOKE, OK } from "./history/history.ts";
export { HistoryBuilder } from "./history/history-builder.ts";
export { createHistoryReader, type HistoryReader } from "./history/ndjson-reader.ts";
export { formatEvent, formatHeader } from "./history/ndjson-writer.ts";
export {
  type FaultEvent,
  type HistoryEvent,
  type Json,
  type Operation,
  type OperationError,
  type OperationType,
  operationTypes,
  type PhaseEvent,
  type PhaseName,
} from "./history/operation.ts";
export type { ReadError, ReadErrorCode } from "./history/read-error.ts";
export type { HistoryReaderOptions, ReadHistoryResult } from "./history/reader-types.ts";
export { historyFormat, historyVersion } from "./history/run-line.ts";
export { type OptimisticLockOptions, optimisticLock } from "./optimistic-lock/optimistic-lock.checker.ts";
export { type CheckerMapping, checkerByName, checkerNames } from "./registry.ts";
export { type Findings, resultOf } from "./result.ts";
export { type ReadYourWritesOptions, readYourWrites } from "./session/read-your-writes.checker.ts";
export { mergeVerdicts, type Verdict } from "./verdict.ts";
