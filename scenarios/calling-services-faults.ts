import * as fc from "fast-check";
import { answerLost } from "../harness/faults/answer-lost.fault.ts";
import { commitAnswerLost } from "../harness/faults/commit-answer-lost.fault.ts";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { linkLatency } from "../harness/faults/link-latency.fault.ts";
import { linkPartition } from "../harness/faults/link-partition.fault.ts";
import { messageDuplication } from "../harness/faults/message-duplication.fault.ts";
import { messageLoss } from "../harness/faults/message-loss.fault.ts";
import { processCrash } from "../harness/faults/process-crash.fault.ts";
import { requestLost } from "../harness/faults/request-lost.fault.ts";

/** One direction of an edge: who calls whom. */
export interface CallEdge {
  readonly from: string;
  readonly to: string;
}

/** The edges and processes of a system in which one service calls others, each with a store of its own. */
export interface CallingServices {
  /** From the clients to the service that they call. */
  readonly entry: CallEdge;
  /** From that service to the others. */
  readonly calls: readonly CallEdge[];
  /** From each service to its store. */
  readonly stores: readonly CallEdge[];
  /** Those of them on which there are COMMITs: not every service needs transactions of several statements. */
  readonly commits: readonly CallEdge[];
}

/**
 * Every fault on every edge and process of such a system. Calls between services are hit more often than
 * the edges at either end: their outcome is what such systems are about.
 */
export function callingServicesFaults({
  entry,
  calls,
  stores,
  commits,
}: CallingServices): readonly FaultChoice[] {
  const call = fc.constantFrom(...calls);
  const store = fc.constantFrom(...stores);
  const anyEdge = fc.oneof(
    { arbitrary: call, weight: 3 },
    { arbitrary: store, weight: 2 },
    { arbitrary: fc.constant(entry), weight: 1 },
  );
  const counted = (edge: fc.Arbitrary<CallEdge>, max: number) =>
    fc.tuple(edge, fc.integer({ min: 1, max })).map(([{ from, to }, count]) => ({ from, to, count }));
  const partition = (edge: fc.Arbitrary<CallEdge>) =>
    fc
      .tuple(edge, fc.constantFrom("both" as const, "a-to-b" as const, "b-to-a" as const))
      .map(([{ from, to }, direction]) => ({ a: from, b: to, direction }));
  const latency = fc
    .tuple(anyEdge, fc.boolean(), fc.integer({ min: 1, max: 400 }))
    .map(([{ from, to }, back, addMs]) => (back ? { from: to, to: from, addMs } : { from, to, addMs }));
  const loss = fc
    .tuple(counted(anyEdge, 4), fc.constantFrom("request" as const, "answer" as const))
    .map(([params, kind]) => ({ ...params, kind }));
  const crashOf = (...processes: [string, ...string[]]) =>
    fc.constantFrom(...processes).map((process) => ({ process }));
  const callees = calls.map(({ to }) => to);
  const databases = stores.map(({ to }) => to);
  return [
    faultChoice(processCrash, crashOf(entry.to)),
    faultChoice(processCrash, crashOf(entry.to, ...callees, ...databases)),
    faultChoice(answerLost, counted(call, 4)),
    faultChoice(answerLost, counted(anyEdge, 3)),
    faultChoice(requestLost, counted(anyEdge, 3)),
    faultChoice(commitAnswerLost, counted(fc.constantFrom(...commits), 2)),
    faultChoice(messageDuplication, counted(fc.oneof(fc.constant(entry), call), 3)),
    faultChoice(messageLoss, loss),
    faultChoice(linkPartition, partition(call)),
    faultChoice(linkPartition, partition(store)),
    faultChoice(linkPartition, partition(fc.constant(entry))),
    faultChoice(linkLatency, latency),
  ];
}
