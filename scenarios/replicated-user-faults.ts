import * as fc from "fast-check";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { linkPartition } from "../harness/faults/link-partition.fault.ts";
import { messageLoss } from "../harness/faults/message-loss.fault.ts";
import { poolExhaustion } from "../harness/faults/pool-exhaustion.fault.ts";
import { replicaLag } from "../harness/faults/replica-lag.fault.ts";
import { replicaPause } from "../harness/faults/replica-pause.fault.ts";
import { replicatedUserNodes as nodes } from "../reference-impl/systems/replicated-user.system.ts";
import { systemFaults } from "./faults/system-faults.ts";

/** What befalls a user service with replicas: on every edge and process, on replicas and on pools. */
export function replicatedUserFaults(): readonly FaultChoice[] {
  return [
    ...systemFaults({
      edges: [
        { from: "clients", to: nodes.service, speaks: "http" },
        { from: nodes.service, to: nodes.store, speaks: "sql" },
        ...nodes.replicas.map((replica) => ({
          ...{ from: nodes.service, to: replica, speaks: "sql-reads" as const },
        })),
      ],
      processes: [nodes.service, nodes.store, ...nodes.replicas],
    }),
    ...replicaFaults(),
  ];
}

/** What befalls replicas and pools. */
function replicaFaults(): readonly FaultChoice[] {
  const { service, store } = nodes;
  const server = fc.constantFrom<string>(store, ...nodes.replicas);
  const replica = fc.constantFrom<string>(...nodes.replicas);
  const lost = fc.record({
    from: fc.constant(service),
    to: server,
    count: fc.integer({ min: 4, max: 8 }),
    kind: fc.constantFrom("request" as const, "answer" as const),
  });
  const log = { a: fc.constant(store), b: replica, direction: fc.constant("both" as const) };
  const lag = fc.record({ replica, delayMs: fc.constantFrom(20, 100, 500, 2000) });
  const pause = fc.record({ replica });
  return [
    ...[lag, lag, lag].map((params) => faultChoice(replicaLag, params)),
    ...[pause, pause].map((params) => faultChoice(replicaPause, params)),
    faultChoice(poolExhaustion, fc.record({ service: fc.constant(service), store: server })),
    faultChoice(linkPartition, fc.record(log)),
    faultChoice(messageLoss, lost),
    faultChoice(messageLoss, lost),
  ];
}
