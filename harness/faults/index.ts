import type { Json } from "../../checkers/history/operation.ts";
import { answerLost } from "./answer-lost.fault.ts";
import { commitAnswerLost } from "./commit-answer-lost.fault.ts";
import type { Fault } from "./fault.ts";
import { linkLatency } from "./link-latency.fault.ts";
import { linkPartition } from "./link-partition.fault.ts";
import { messageDuplication } from "./message-duplication.fault.ts";
import { messageLoss } from "./message-loss.fault.ts";
import { processCrash } from "./process-crash.fault.ts";
import { requestLost } from "./request-lost.fault.ts";

/** Every fault that a plan may name, in alphabetical order. */
export const faults: readonly Fault<Json>[] = [
  answerLost,
  commitAnswerLost,
  linkLatency,
  linkPartition,
  messageDuplication,
  messageLoss,
  processCrash,
  requestLost,
] as unknown as readonly Fault<Json>[];
