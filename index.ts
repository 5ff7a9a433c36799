export type { Anomaly, Checker, CheckResult } from "./checkers/checker.ts";
export type { History } from "./checkers/history/history.ts";
export type { HistoryEvent, Json, Operation, OperationError } from "./checkers/history/operation.ts";
export type { Verdict } from "./checkers/verdict.ts";
export { defineConfig, type FaultlineConfig } from "./cli/config/define-config.ts";
export { FaultlineError, type FaultlineErrorKind } from "./harness/faultline-error.ts";
export { type AnswerLostParams, answerLost } from "./harness/faults/answer-lost.fault.ts";
export { type CommitAnswerLostParams, commitAnswerLost } from "./harness/faults/commit-answer-lost.fault.ts";
export { type ActiveFault, type Fault, type FaultChoice, faultChoice } from "./harness/faults/fault.ts";
export type { FaultPort } from "./harness/faults/fault-port.ts";
export { type LinkLatencyParams, linkLatency } from "./harness/faults/link-latency.fault.ts";
export { type LinkPartitionParams, linkPartition } from "./harness/faults/link-partition.fault.ts";
export {
  type MessageDuplicationParams,
  messageDuplication,
} from "./harness/faults/message-duplication.fault.ts";
export { type MessageLossParams, messageLoss } from "./harness/faults/message-loss.fault.ts";
export { type ProcessCrashParams, processCrash } from "./harness/faults/process-crash.fault.ts";
export { type RequestLostParams, requestLost } from "./harness/faults/request-lost.fault.ts";
export type { Invocation, Outcome } from "./harness/run/outcome.ts";
export type { Plan, PlannedFault, PlannedOperation, PlannedSchedule } from "./harness/run/plan.ts";
export {
  type Client,
  defineScenario,
  type ExpectedAnomaly,
  type Form,
  type FormName,
  type Scenario,
  type ScenarioLimits,
  type Session,
  type Workload,
} from "./harness/run/scenario.ts";
export type {
  HttpService,
  PoolLimits,
  ServiceContext,
  ServiceDefinition,
  ServiceFetch,
  StoreDefinition,
  SystemDefinition,
} from "./harness/run/system.ts";
export type { Clock } from "./harness/time/clock.ts";
