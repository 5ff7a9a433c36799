import * as fc from "fast-check";
import type { Json } from "../../checkers/history/operation.ts";
import { answerLost } from "../../harness/faults/answer-lost.fault.ts";
import { blackHole } from "../../harness/faults/black-hole.fault.ts";
import { commitAnswerLost } from "../../harness/faults/commit-answer-lost.fault.ts";
import { commitRequestLost } from "../../harness/faults/commit-request-lost.fault.ts";
import { connectionRefused } from "../../harness/faults/connection-refused.fault.ts";
import { connectionReset } from "../../harness/faults/connection-reset.fault.ts";
import {
  type Fault,
  type FaultChoice,
  type FaultFrequency,
  faultChoice,
} from "../../harness/faults/fault.ts";
import { linkBandwidth } from "../../harness/faults/link-bandwidth.fault.ts";
import { linkLatency } from "../../harness/faults/link-latency.fault.ts";
import { linkPartition } from "../../harness/faults/link-partition.fault.ts";
import { linkSlicer } from "../../harness/faults/link-slicer.fault.ts";
import { messageDuplication } from "../../harness/faults/message-duplication.fault.ts";
import { messageLoss } from "../../harness/faults/message-loss.fault.ts";
import { postgresBackendKill } from "../../harness/faults/postgres-backend-kill.fault.ts";
import { requestLost } from "../../harness/faults/request-lost.fault.ts";
import { edgesSpeaking, type FaultEdge, onSomeEdge } from "./fault-places.ts";

/** Messages in a row that a fault may hit: on the way to a store those of all connections at work. */
const hitMax = { http: 3, sql: 6, "sql-reads": 6, documents: 6, bus: 6 } as const;
const commitsMax = 2;
const latencyMsMax = 400;

/**
 * What befalls single edges: the usual faults more often than the rarer ones. `slow-close` is not among them: services
 * keep their connections, so that there is seldom a closing that could be late.
 */
export function edgeFaults(edges: readonly FaultEdge[]): readonly FaultChoice[] {
  return [...usualFaults(edges), ...rarerFaults(edges)];
}

function usualFaults(edges: readonly FaultEdge[]): readonly FaultChoice[] {
  const wire = onSomeEdge(edges, ({ from, to, speaks }) => hits(from, to, hitMax[speaks]));
  const loss = onSomeEdge(edges, ({ from, to, speaks }) =>
    fc
      .tuple(hits(from, to, hitMax[speaks]), fc.constantFrom("request" as const, "answer" as const))
      .map(([params, kind]) => ({ ...params, kind })),
  );
  const latency = onSomeEdge(edges, (edge) =>
    fc
      .tuple(eitherWay(edge), fc.integer({ min: 1, max: latencyMsMax }))
      .map(([way, addMs]) => ({ ...way, addMs })),
  );
  const sql = edgesSpeaking(edges, "sql");
  const http = edgesSpeaking(edges, "http");
  return [
    ...some("usual", answerLost, wire),
    ...some("usual", requestLost, wire),
    ...some(
      "usual",
      commitAnswerLost,
      onSomeEdge(sql, ({ from, to }) => hits(from, to, commitsMax)),
    ),
    ...some(
      "usual",
      messageDuplication,
      onSomeEdge(http, ({ from, to }) => hits(from, to, hitMax.http)),
    ),
    ...some("usual", messageLoss, loss),
    ...some("usual", linkPartition, onSomeEdge(edges, pairOf)),
    ...some("usual", linkLatency, latency),
  ];
}

function rarerFaults(edges: readonly FaultEdge[]): readonly FaultChoice[] {
  const narrow = onSomeEdge(edges, (edge) =>
    fc
      .tuple(eitherWay(edge), fc.integer({ min: 2, max: 100 }))
      .map(([way, rateKBps]) => ({ ...way, rateKBps })),
  );
  const sliced = onSomeEdge(edges, (edge) =>
    fc
      .tuple(eitherWay(edge), fc.integer({ min: 8, max: 200 }), fc.integer({ min: 0, max: 20_000 }))
      .map(([way, sizeBytes, delayUs]) => ({ ...way, sizeBytes, delayUs })),
  );
  const postgres = edgesSpeaking(edges, "sql", "sql-reads");
  const way = onSomeEdge(edges, ({ from, to }) => fc.constant({ from, to }));
  return [
    ...some("rare", blackHole, onSomeEdge(edges, pairOf)),
    ...some("rare", connectionRefused, way),
    ...some("rare", connectionReset, way),
    ...some(
      "rare",
      commitRequestLost,
      onSomeEdge(edgesSpeaking(edges, "sql"), ({ from, to }) => hits(from, to, commitsMax)),
    ),
    ...some("rare", linkBandwidth, narrow),
    ...some("rare", linkSlicer, sliced),
    ...some(
      "rare",
      postgresBackendKill,
      onSomeEdge(postgres, ({ from, to }) => fc.constant({ service: from, store: to })),
    ),
  ];
}

function some<Params extends Json>(
  frequency: FaultFrequency,
  fault: Fault<Params>,
  params: fc.Arbitrary<Params> | null,
): readonly FaultChoice[] {
  return params === null ? [] : [faultChoice(fault, params, frequency)];
}

function hits(from: string, to: string, max: number) {
  return fc.record({ from: fc.constant(from), to: fc.constant(to), count: fc.integer({ min: 1, max }) });
}

function eitherWay({ from, to }: FaultEdge) {
  return fc.constantFrom({ from, to }, { from: to, to: from });
}

function pairOf({ from, to }: FaultEdge) {
  return fc.record({
    a: fc.constant(from),
    b: fc.constant(to),
    direction: fc.constantFrom("both" as const, "a-to-b" as const, "b-to-a" as const),
  });
}
