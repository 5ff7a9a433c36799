import type { Json } from "../../checkers/history/operation.ts";
import { answerLost } from "./answer-lost.fault.ts";
import { blackHole } from "./black-hole.fault.ts";
import { bridge } from "./bridge.fault.ts";
import { clockOffset } from "./clock-offset.fault.ts";
import { commitAnswerLost } from "./commit-answer-lost.fault.ts";
import { commitRequestLost } from "./commit-request-lost.fault.ts";
import { connectionRefused } from "./connection-refused.fault.ts";
import { connectionReset } from "./connection-reset.fault.ts";
import { delayedDelivery } from "./delayed-delivery.fault.ts";
import { duplicateDelivery } from "./duplicate-delivery.fault.ts";
import type { Fault } from "./fault.ts";
import { gracefulStop } from "./graceful-stop.fault.ts";
import { isolateOne } from "./isolate-one.fault.ts";
import { linkBandwidth } from "./link-bandwidth.fault.ts";
import { linkLatency } from "./link-latency.fault.ts";
import { linkPartition } from "./link-partition.fault.ts";
import { linkSlicer } from "./link-slicer.fault.ts";
import { messageDuplication } from "./message-duplication.fault.ts";
import { messageLoss } from "./message-loss.fault.ts";
import { partitionHalves } from "./partition-halves.fault.ts";
import { poolExhaustion } from "./pool-exhaustion.fault.ts";
import { postgresBackendKill } from "./postgres-backend-kill.fault.ts";
import { processCrash } from "./process-crash.fault.ts";
import { processPause } from "./process-pause.fault.ts";
import { randomCore } from "./random-core.fault.ts";
import { reorderedDelivery } from "./reordered-delivery.fault.ts";
import { replicaLag } from "./replica-lag.fault.ts";
import { replicaPause } from "./replica-pause.fault.ts";
import { requestLost } from "./request-lost.fault.ts";
import { rollingRestart } from "./rolling-restart.fault.ts";
import { slowClose } from "./slow-close.fault.ts";

/** Every fault that a plan may name, in alphabetical order. */
export const faults: readonly Fault<Json>[] = [
  answerLost,
  blackHole,
  bridge,
  clockOffset,
  commitAnswerLost,
  commitRequestLost,
  connectionRefused,
  connectionReset,
  delayedDelivery,
  duplicateDelivery,
  gracefulStop,
  isolateOne,
  linkBandwidth,
  linkLatency,
  linkPartition,
  linkSlicer,
  messageDuplication,
  messageLoss,
  partitionHalves,
  poolExhaustion,
  postgresBackendKill,
  processCrash,
  processPause,
  randomCore,
  reorderedDelivery,
  replicaLag,
  replicaPause,
  requestLost,
  rollingRestart,
  slowClose,
] as unknown as readonly Fault<Json>[];
