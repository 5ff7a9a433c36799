export { type ActivityOptions, activity } from "./activity/activity.checker.ts";
export { type DefiniteAnswersOptions, definiteAnswers } from "./answers/definite-answers.checker.ts";
export { type AvailabilityOptions, availability } from "./availability/availability.checker.ts";
export { type BankOptions, bank } from "./bank/bank.checker.ts";
export type { CacheStalenessOptions } from "./cache/cache-options.ts";
export { cacheStaleness } from "./cache/cache-staleness.checker.ts";
export { type OutgoingCallsOptions, outgoingCalls } from "./calls/outgoing-calls.checker.ts";
export { type CheckerOutcome, checkHistory, type HistoryCheck } from "./check-history.ts";
export type { Anomaly, Checker, CheckResult, CheckStats, Witness } from "./checker.ts";
export { settingsOf } from "./checker-settings.ts";
export { allOf } from "./composition/all-of.ts";
export { onKeys } from "./composition/on-keys.ts";
export { perKey } from "./composition/per-key.ts";
export { perPhase } from "./composition/per-phase.ts";
export {
  type BalancedHoldingsOptions,
  balancedHoldings,
} from "./conservation/balanced-holdings.checker.ts";
export { type ConservationOptions, conservation } from "./conservation/conservation.checker.ts";
export type {
  StockFields,
  StockFunctions,
  StockModelOptions,
  StockMove,
} from "./conservation/stock-model.ts";
export { type CounterOptions, counter } from "./counter/counter.checker.ts";
export { type DeliveryOptions, delivery } from "./delivery/delivery.checker.ts";
export type { DemandedConsumers } from "./delivery/delivery-demands.ts";
export type { DeliveryFunctions, DeliveryKind } from "./delivery/delivery-records.ts";
export { type DurabilityOptions, durability } from "./durability/durability.checker.ts";
export type { StateFunctions } from "./entity/key-kind.ts";
export type { EntityFields, EntityFunctions } from "./entity/versioned-entity.ts";
export type { EventStreamOptions, UpcastOptions } from "./event-streams/event-stream-options.ts";
export { eventStreams } from "./event-streams/event-streams.checker.ts";
export { createFormatReader } from "./formats/create-format-reader.ts";
export { type HistoryFormat, historyFormats } from "./formats/format-names.ts";
export { guessFormat } from "./formats/guess-format.ts";
export { type ExportLosses, exportJepsen, exportLosses } from "./formats/jepsen-export.ts";
export type { JepsenSyntax } from "./formats/jepsen-reader.ts";
export type { ForeignReaderOptions } from "./formats/transcript-reader.ts";
export type { AppendProblem } from "./history/append-problem.ts";
export { describeReadError } from "./history/describe-read-error.ts";
export { eventAt, eventsOf } from "./history/event-at.ts";
export type { FunctionNames } from "./history/function-roles.ts";
export { FAIL, type History, type HistoryHeader, INFO, INVOKE, OK, RECORD } from "./history/history.ts";
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
  type RecordEvent,
} from "./history/operation.ts";
export type { ReadError, ReadErrorCode } from "./history/read-error.ts";
export type { HistoryReaderOptions, ReadHistoryResult } from "./history/reader-types.ts";
export { historyFormat, historyVersion } from "./history/run-line.ts";
export { linearizabilityModels } from "./linearizability/choose-judge.ts";
export { linearizability } from "./linearizability/linearizability.checker.ts";
export type { LinearizabilityModel, ModelCall, ModelSum } from "./linearizability/linearizability-model.ts";
export type { LinearizabilityOptions } from "./linearizability/linearizability-options.ts";
export type { LintFinding, LintReport } from "./lint/finding.ts";
export { type HistoryLinter, lintFile } from "./lint/lint-file.ts";
export type { LintOptions } from "./lint/lint-history.ts";
export type { LockFields, LockFunctions, LockSafetyOptions } from "./locks/lock-options.ts";
export { lockSafety } from "./locks/lock-safety.checker.ts";
export { type LongForkOptions, longFork } from "./long-fork/long-fork.checker.ts";
export type { Measure, MeasureUnit } from "./measure.ts";
export { type OptimisticLockOptions, optimisticLock } from "./optimistic-lock/optimistic-lock.checker.ts";
export type { VersionKind } from "./optimistic-lock/version-reading.ts";
export type { ProjectionFold } from "./projection/folded-events.ts";
export { projection } from "./projection/projection.checker.ts";
export type { ProjectionOptions } from "./projection/projection-options.ts";
export {
  type CheckerMapping,
  checkerByName,
  checkerNames,
  knownLevels,
  type SpecialOption,
  takersOf,
  takesLevel,
  takesOption,
} from "./registry.ts";
export { type Findings, resultOf } from "./result.ts";
export { type SagaAtomicityOptions, sagaAtomicity } from "./saga/saga-atomicity.checker.ts";
export type { SagaFunctions } from "./saga/saga-records.ts";
export type { SessionOptions } from "./session/check-sessions.ts";
export type { DependencyFields } from "./session/dependency-map.ts";
export { monotonicReads } from "./session/monotonic-reads.checker.ts";
export { monotonicWrites } from "./session/monotonic-writes.checker.ts";
export { type ReadYourWritesOptions, readYourWrites } from "./session/read-your-writes.checker.ts";
export {
  type VisibleDependenciesOptions,
  visibleDependencies,
} from "./session/visible-dependencies.checker.ts";
export { writesFollowReads } from "./session/writes-follow-reads.checker.ts";
export { type SetFullOptions, setFull } from "./set/set-full.checker.ts";
export { type BoundedStalenessOptions, boundedStaleness } from "./staleness/bounded-staleness.checker.ts";
export type { IsolationOptions } from "./transactions/isolation-options.ts";
export { listAppend } from "./transactions/list-append.checker.ts";
export type { TransactionFunctions } from "./transactions/register-transactions.ts";
export { type RwRegisterOptions, rwRegister } from "./transactions/rw-register.checker.ts";
export type { VersionAssumptions } from "./transactions/version-order.ts";
export { mergeVerdicts, type Verdict } from "./verdict.ts";
export { type CausalOptions, causal } from "./weak-isolation/causal.checker.ts";
export type { WeakIsolationOptions } from "./weak-isolation/isolation-evidence.ts";
export { readAtomic } from "./weak-isolation/read-atomic.checker.ts";
export { readCommitted } from "./weak-isolation/read-committed.checker.ts";
