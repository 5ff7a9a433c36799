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

/** A way that messages take: who asks whom. */
export interface FaultEdge {
  /** `clients`, or a service. */
  readonly from: string;
  /** A service or a store. */
  readonly to: string;
  /** What is spoken on it; `sql-reads`: without a COMMIT that a fault could wait for. */
  readonly speaks: "http" | "sql" | "sql-reads" | "bus";
}

/** Where the faults of a system may strike. */
export interface FaultPlaces {
  readonly edges: readonly [FaultEdge, ...FaultEdge[]];
  /** Services and stores that may crash, and come back with what they had stored. */
  readonly processes: readonly [string, ...string[]];
}

/** Messages in a row that a fault may hit: on the way to a store those of all connections at work. */
const hitMax = { http: 3, sql: 6, "sql-reads": 6, bus: 6 } as const;
const commitsMax = 2;
const latencyMsMax = 400;

/**
 * Faults for a system of several services and stores: each kind of fault on each edge and process where
 * it makes sense, all kinds alike often, whatever the number of edges.
 */
export function systemFaults(places: FaultPlaces): readonly FaultChoice[] {
  const { edges, processes } = places;
  const wire = onSome(edges, ({ from, to, speaks }) =>
    fc.record({ from: fc.constant(from), to: fc.constant(to), count: countTo(hitMax[speaks]) }),
  );
  const commits = onSome(spoken(edges, "sql"), ({ from, to }) =>
    fc.record({ from: fc.constant(from), to: fc.constant(to), count: countTo(commitsMax) }),
  );
  const requests = onSome(spoken(edges, "http"), ({ from, to }) =>
    fc.record({ from: fc.constant(from), to: fc.constant(to), count: countTo(hitMax.http) }),
  );
  const loss = fc
    .tuple(wire, fc.constantFrom("request" as const, "answer" as const))
    .map(([params, kind]) => ({ ...params, kind }));
  const partition = onSome(edges, ({ from, to }) =>
    fc.record({
      a: fc.constant(from),
      b: fc.constant(to),
      direction: fc.constantFrom("both" as const, "a-to-b" as const, "b-to-a" as const),
    }),
  );
  const latency = fc
    .tuple(fc.constantFrom(...edges), fc.boolean(), fc.integer({ min: 1, max: latencyMsMax }))
    .map(([{ from, to }, back, addMs]) => (back ? { from: to, to: from, addMs } : { from, to, addMs }));
  const crash = faultChoice(processCrash, fc.record({ process: fc.constantFrom(...processes) }));
  return [
    crash,
    crash,
    faultChoice(answerLost, wire),
    faultChoice(requestLost, wire),
    ...(commits === null ? [] : [faultChoice(commitAnswerLost, commits)]),
    ...(requests === null ? [] : [faultChoice(messageDuplication, requests)]),
    faultChoice(messageLoss, loss),
    faultChoice(linkPartition, partition),
    faultChoice(linkLatency, latency),
  ];
}

function spoken(edges: readonly FaultEdge[], language: FaultEdge["speaks"]): readonly FaultEdge[] {
  return edges.filter(({ speaks }) => speaks === language);
}

/** Draws an edge, then what is to happen on it; null where there is none. */
function onSome<Params>(
  edges: readonly [FaultEdge, ...FaultEdge[]],
  params: (edge: FaultEdge) => fc.Arbitrary<Params>,
): fc.Arbitrary<Params>;
function onSome<Params>(
  edges: readonly FaultEdge[],
  params: (edge: FaultEdge) => fc.Arbitrary<Params>,
): fc.Arbitrary<Params> | null;
function onSome<Params>(
  edges: readonly FaultEdge[],
  params: (edge: FaultEdge) => fc.Arbitrary<Params>,
): fc.Arbitrary<Params> | null {
  return edges.length === 0 ? null : fc.oneof(...edges.map(params));
}

function countTo(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max });
}
