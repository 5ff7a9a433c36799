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

/**
 * Every fault on every edge and process of a system of clients, one service and its store. On the way to
 * the store several messages in a row are hit: those of all connections that are busy just then; and the
 * answer to a COMMIT, after which nobody knows, has a fault of its own.
 */
export function oneServiceFaults(nodes: {
  readonly service: string;
  readonly store: string;
}): readonly FaultChoice[] {
  const { service, store } = nodes;
  const onService = fc.record({ from: fc.constant("clients"), to: fc.constant(service), count: countTo(3) });
  const onStore = fc.record({ from: fc.constant(service), to: fc.constant(store), count: countTo(6) });
  const commits = fc.record({ from: fc.constant(service), to: fc.constant(store), count: countTo(2) });
  const edge = fc.constantFrom({ from: "clients", to: service }, { from: service, to: store });
  const loss = fc
    .tuple(fc.oneof(onService, onStore), fc.constantFrom("request" as const, "answer" as const))
    .map(([params, kind]) => ({ ...params, kind }));
  const partition = (a: string, b: string) =>
    fc.record({
      a: fc.constant(a),
      b: fc.constant(b),
      direction: fc.constantFrom("both" as const, "a-to-b" as const, "b-to-a" as const),
    });
  const latency = fc
    .tuple(edge, fc.boolean(), fc.integer({ min: 1, max: 400 }))
    .map(([{ from, to }, back, addMs]) => (back ? { from: to, to: from, addMs } : { from, to, addMs }));
  return [
    faultChoice(processCrash, fc.record({ process: fc.constant(service) })),
    faultChoice(processCrash, fc.record({ process: fc.constant(store) })),
    faultChoice(answerLost, onService),
    faultChoice(answerLost, onStore),
    faultChoice(answerLost, onStore),
    faultChoice(commitAnswerLost, commits),
    faultChoice(requestLost, onService),
    faultChoice(requestLost, onStore),
    faultChoice(requestLost, onStore),
    faultChoice(messageDuplication, onService),
    faultChoice(messageLoss, loss),
    faultChoice(linkPartition, partition("clients", service)),
    faultChoice(linkPartition, partition(service, store)),
    faultChoice(linkLatency, latency),
  ];
}

function countTo(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max });
}
