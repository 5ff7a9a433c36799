import { activity } from "../checkers/activity/activity.checker.ts";
import { delivery } from "../checkers/delivery/delivery.checker.ts";
import { projection } from "../checkers/projection/projection.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { lastArrivalWins } from "../reference-impl/defects/last-arrival-wins.defect.ts";
import { memoryQueue } from "../reference-impl/defects/memory-queue.defect.ts";
import { requeueAtEnd } from "../reference-impl/defects/requeue-at-end.defect.ts";
import type { ProfileMechanisms } from "../reference-impl/services/recommendation/profile-mechanisms.ts";
import {
  profileDeliveries,
  profileNodes,
  profileSystem,
  textbookProfileSystem,
} from "../reference-impl/systems/profiles.system.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectProfiles } from "./inspect-profiles.ts";
import { profileFlaws } from "./profile-flaws.ts";
import { profilesWorkload } from "./profiles.workload.ts";
import { undisturbedLagMsMax } from "./undisturbed-lag.ts";

const nodes = profileNodes;
const limits = { loadMs: 120_000, settleMs: 20_000, callTimeoutMs: 2000 };
const checkers = [
  projection({ maxUndisturbedLagMs: undisturbedLagMsMax }),
  delivery({ consumers: [], inspected: ["committed", "published"] }),
  activity(),
];
const defects: readonly Defect<ProfileMechanisms>[] = [requeueAtEnd, memoryQueue, lastArrivalWins];

/** Pattern 3: a replica of profiles ends with the last of each, and never goes back. */
export const profilesPropagate: Scenario = defineScenario({
  name: "profiles-propagate",
  claim:
    "every stored profile is announced in the order of its versions, the replica ends with the last one of each user, and nobody who looks at it sees a profile go back",
  notTested: [
    "several replicas, and their order among each other",
    "users that are deleted",
    "a broker that loses what it acknowledged",
    "propagators that overtake each other although nothing fails: one connection keeps the order of what is sent on it",
  ],
  patterns: ["3 BASE propagation"],
  forms: [
    hardenedForm(
      "an outbox numbered by the version of the profile; the replica applies only what is newer",
      () => profileSystem(),
    ),
    textbookForm({
      summary: "updates wait in memory, one that fails goes to the end of the queue, the last arrival wins",
      needs: "a crash while updates wait, or a bus that cannot be reached",
      flaws: profileFlaws,
      system: textbookProfileSystem,
    }),
    ...defects.map((defect) => defectForm(defect, profileSystem, checkers)),
  ],
  workload: profilesWorkload(limits.callTimeoutMs),
  faults: systemFaults({
    edges: [
      { from: "clients", to: nodes.user, speaks: "http" },
      { from: "clients", to: nodes.recommendation, speaks: "http" },
      { from: nodes.user, to: nodes.userStore, speaks: "sql" },
      { from: nodes.user, to: nodes.bus, speaks: "bus" },
      // Twice, and crashes four times: what waits while the bus is away must outlive the process that waits.
      { from: nodes.user, to: nodes.bus, speaks: "bus" },
      { from: nodes.recommendation, to: nodes.bus, speaks: "bus" },
      { from: nodes.recommendation, to: nodes.recommendationStore, speaks: "sql" },
    ],
    processes: [
      nodes.user,
      nodes.user,
      nodes.user,
      nodes.user,
      nodes.recommendation,
      nodes.userStore,
      nodes.recommendationStore,
      nodes.bus,
    ],
    deliveries: profileDeliveries,
  }),
  faultsMax: 4,
  checkers,
  limits,
  inspect: inspectProfiles,
  real: ["hardened"],
});
