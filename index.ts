export type { Anomaly, Checker, CheckResult } from "./checkers/checker.ts";
export type { History } from "./checkers/history/history.ts";
export type { HistoryEvent, Json, Operation, OperationError } from "./checkers/history/operation.ts";
export type { Verdict } from "./checkers/verdict.ts";
export { defineConfig, type FaultlineConfig } from "./cli/config/define-config.ts";
export { FaultlineError, type FaultlineErrorKind } from "./harness/faultline-error.ts";
export { type AnswerLostParams, answerLost } from "./harness/faults/answer-lost.fault.ts";
export { type BlackHoleParams, blackHole } from "./harness/faults/black-hole.fault.ts";
export { type BridgeParams, bridge } from "./harness/faults/bridge.fault.ts";
export { type ClockOffsetParams, clockOffset } from "./harness/faults/clock-offset.fault.ts";
export { type CommitAnswerLostParams, commitAnswerLost } from "./harness/faults/commit-answer-lost.fault.ts";
export {
  type CommitRequestLostParams,
  commitRequestLost,
} from "./harness/faults/commit-request-lost.fault.ts";
export {
  type ConnectionRefusedParams,
  connectionRefused,
} from "./harness/faults/connection-refused.fault.ts";
export { type ConnectionResetParams, connectionReset } from "./harness/faults/connection-reset.fault.ts";
export { type DelayedDeliveryParams, delayedDelivery } from "./harness/faults/delayed-delivery.fault.ts";
export {
  type DuplicateDeliveryParams,
  duplicateDelivery,
} from "./harness/faults/duplicate-delivery.fault.ts";
export {
  type ActiveFault,
  type ActiveRealFault,
  type Fault,
  type FaultChoice,
  type FaultNeed,
  faultChoice,
  type Impossible,
  type RealInjection,
} from "./harness/faults/fault.ts";
export type { FaultPort } from "./harness/faults/fault-port.ts";
export { type GracefulStopParams, gracefulStop } from "./harness/faults/graceful-stop.fault.ts";
export { type IsolateOneParams, isolateOne } from "./harness/faults/isolate-one.fault.ts";
export { type LinkBandwidthParams, linkBandwidth } from "./harness/faults/link-bandwidth.fault.ts";
export { type LinkLatencyParams, linkLatency } from "./harness/faults/link-latency.fault.ts";
export { type LinkPartitionParams, linkPartition } from "./harness/faults/link-partition.fault.ts";
export { type LinkSlicerParams, linkSlicer } from "./harness/faults/link-slicer.fault.ts";
export {
  type MessageDuplicationParams,
  messageDuplication,
} from "./harness/faults/message-duplication.fault.ts";
export { type MessageLossParams, messageLoss } from "./harness/faults/message-loss.fault.ts";
export { type PartitionHalvesParams, partitionHalves } from "./harness/faults/partition-halves.fault.ts";
export { type PoolExhaustionParams, poolExhaustion } from "./harness/faults/pool-exhaustion.fault.ts";
export {
  type PostgresBackendKillParams,
  postgresBackendKill,
} from "./harness/faults/postgres-backend-kill.fault.ts";
export { type ProcessCrashParams, processCrash } from "./harness/faults/process-crash.fault.ts";
export { type ProcessPauseParams, processPause } from "./harness/faults/process-pause.fault.ts";
export { type RandomCoreParams, randomCore } from "./harness/faults/random-core.fault.ts";
export type { RealFaultPort } from "./harness/faults/real-fault-port.ts";
export {
  type ReorderedDeliveryParams,
  reorderedDelivery,
} from "./harness/faults/reordered-delivery.fault.ts";
export { type ReplicaLagParams, replicaLag } from "./harness/faults/replica-lag.fault.ts";
export { type ReplicaPauseParams, replicaPause } from "./harness/faults/replica-pause.fault.ts";
export { type RequestLostParams, requestLost } from "./harness/faults/request-lost.fault.ts";
export { type RollingRestartParams, rollingRestart } from "./harness/faults/rolling-restart.fault.ts";
export { type SlowCloseParams, slowClose } from "./harness/faults/slow-close.fault.ts";
export type { Invocation, Outcome } from "./harness/run/outcome.ts";
export type { Plan, PlannedFault, PlannedOperation, PlannedSchedule } from "./harness/run/plan.ts";
export {
  type Client,
  defineScenario,
  type ExpectedAnomaly,
  type Flaw,
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
