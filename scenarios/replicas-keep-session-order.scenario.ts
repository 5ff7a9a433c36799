import * as fc from "fast-check";
import { activity } from "../checkers/activity/activity.checker.ts";
import { monotonicReads } from "../checkers/session/monotonic-reads.checker.ts";
import { monotonicWrites } from "../checkers/session/monotonic-writes.checker.ts";
import { readYourWrites } from "../checkers/session/read-your-writes.checker.ts";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { linkPartition } from "../harness/faults/link-partition.fault.ts";
import { messageLoss } from "../harness/faults/message-loss.fault.ts";
import { poolExhaustion } from "../harness/faults/pool-exhaustion.fault.ts";
import { replicaLag } from "../harness/faults/replica-lag.fault.ts";
import { replicaPause } from "../harness/faults/replica-pause.fault.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { poolWithoutTimeout } from "../reference-impl/defects/pool-without-timeout.defect.ts";
import { randomReplica } from "../reference-impl/defects/random-replica.defect.ts";
import { tokenNotPropagated } from "../reference-impl/defects/token-not-propagated.defect.ts";
import type { ReplicatedUserMechanisms } from "../reference-impl/services/user/replicated/replicated-user-mechanisms.ts";
import {
  replicatedUserNodes,
  replicatedUserSystem,
  textbookReplicatedUserSystem,
} from "../reference-impl/systems/replicated-user.system.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { recoveryAfterFaults } from "./recovery-after-faults.ts";
import { replicatedProfilesWorkload } from "./replicated-profiles.workload.ts";

const nodes = replicatedUserNodes;
const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const recoverWithinMs = limits.callTimeoutMs + limits.settleMs + 500;
const checkers = [
  readYourWrites(),
  monotonicReads(),
  monotonicWrites(),
  // A call that a fault swallowed is given up, the system settles, and only then somebody asks again. Whoever
  // is not served some time after that waits for a connection that does not come.
  recoveryAfterFaults({
    functions: ["read"],
    recoverWithinMs,
    // Where nothing disturbs, and has not for as long as recovery may take, every read is answered.
    graceMs: recoverWithinMs,
    minOkOutside: 1,
  }),
  activity(),
];
const defects: readonly Defect<ReplicatedUserMechanisms>[] = [
  randomReplica,
  tokenNotPropagated,
  poolWithoutTimeout,
];

/** Pattern 13: reads at a replica that do not fall behind their own session. */
export const replicasKeepSessionOrder: Scenario = defineScenario({
  name: "replicas-keep-session-order",
  claim:
    "a session that reads at a replica sees what it wrote, and nothing older than what it read; a used-up pool is an answer, not a hang",
  notTested: [
    "several replicas of one primary, and so a later read that is older because it went to another one",
    "a primary that is replaced by its replica",
    "how old what a session without a token reads may be",
    "tokens that clients lose or make up",
  ],
  patterns: ["13 Read replicas and connection pooling", "14 Session and causal guarantees"],
  forms: [
    hardenedForm(
      "a session token with the log position; a replica is read once it has reached it, else the primary; bounded pools",
      () => replicatedUserSystem(),
    ),
    textbookForm({
      summary: "`DatabaseRouter`: writes go to the primary, reads to any replica; a pool that waits for 30 s",
      needs: "a replica that is behind; its usual lag is enough",
      flaws: [
        {
          flaw: "a read goes to any replica: after a write the same user reads the old value",
          checker: "read-your-writes",
          types: ["own-write-not-seen"],
        },
      ],
      system: textbookReplicatedUserSystem,
    }),
    ...defects.map((defect) => defectForm(defect, replicatedUserSystem, checkers)),
  ],
  workload: replicatedProfilesWorkload(limits.callTimeoutMs),
  faults: [
    ...systemFaults({
      edges: [
        { from: "clients", to: nodes.service, speaks: "http" },
        { from: nodes.service, to: nodes.store, speaks: "sql" },
        { from: nodes.service, to: nodes.replica, speaks: "sql-reads" },
      ],
      processes: [nodes.service, nodes.store, nodes.replica],
    }),
    ...replicaFaults(),
  ],
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:random-replica", "defect:token-not-propagated"],
});

/** What befalls replicas and pools. */
function replicaFaults(): readonly FaultChoice[] {
  const { service, store, replica } = nodes;
  const server = fc.constantFrom<string>(store, replica);
  const lost = fc.record({
    from: fc.constant(service),
    to: server,
    count: fc.integer({ min: 4, max: 8 }),
    kind: fc.constantFrom("request" as const, "answer" as const),
  });
  const log = { a: fc.constant(store), b: fc.constant(replica), direction: fc.constant("both" as const) };
  const lag = fc.record({ replica: fc.constant(replica), delayMs: fc.constantFrom(20, 100, 500, 2000) });
  const pause = fc.record({ replica: fc.constant(replica) });
  return [
    ...[lag, lag, lag].map((params) => faultChoice(replicaLag, params)),
    ...[pause, pause].map((params) => faultChoice(replicaPause, params)),
    faultChoice(poolExhaustion, fc.record({ service: fc.constant(service), store: server })),
    faultChoice(linkPartition, fc.record(log)),
    faultChoice(messageLoss, lost),
    faultChoice(messageLoss, lost),
  ];
}
