import { activity } from "../checkers/activity/activity.checker.ts";
import { durability } from "../checkers/durability/durability.checker.ts";
import { optimisticLock } from "../checkers/optimistic-lock/optimistic-lock.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { affectedRowsIgnored } from "../reference-impl/defects/affected-rows-ignored.defect.ts";
import { blindRetryAfterUnknown } from "../reference-impl/defects/blind-retry-after-unknown.defect.ts";
import { blindUpdate } from "../reference-impl/defects/blind-update.defect.ts";
import { checkInApplication } from "../reference-impl/defects/check-in-application.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { incrementTwice } from "../reference-impl/defects/increment-twice.defect.ts";
import { retryWithStaleEntity } from "../reference-impl/defects/retry-with-stale-entity.defect.ts";
import { sharedConnection } from "../reference-impl/defects/shared-connection.defect.ts";
import { versionFromClock } from "../reference-impl/defects/version-from-clock.defect.ts";
import type { UserMechanisms } from "../reference-impl/services/user/user.service.ts";
import { textbookVersionedUserSystem, userNodes, userSystem } from "../reference-impl/systems/user.system.ts";
import { oneServiceFaults } from "./faults/one-service-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { versionedProfileWorkload } from "./versioned-profile.workload.ts";

const limits = { loadMs: 120_000, settleMs: 1000, callTimeoutMs: 2000 };
const checkers = [optimisticLock(), durability(), activity()];
const defects: readonly Defect<UserMechanisms>[] = [
  blindUpdate,
  checkInApplication,
  affectedRowsIgnored,
  versionFromClock,
  retryWithStaleEntity,
  blindRetryAfterUnknown,
  incrementTwice,
  sharedConnection,
];

/** Pattern 10: `save_with_version_check` under concurrent writers and every fault. */
export const acknowledgedUpdatesAreKept: Scenario = defineScenario({
  name: "acknowledged-updates-are-kept",
  claim:
    "of all clients that update a profile from one version at most one succeeds, and no acknowledged update is lost",
  notTested: [
    "profiles that are deleted and created anew",
    "several processes of the service at the same time",
    "a store whose acknowledged commits do not survive its own crash",
    "clients that send a request again by themselves (`stock-is-conserved` has those)",
  ],
  patterns: ["1 Database per service", "10 Optimistic locking"],
  forms: [
    hardenedForm("one guarded UPDATE in the transaction of the request key", () => userSystem()),
    textbookForm({
      summary: "`append_events`: look up the version, compare it in memory, write",
      needs: "two clients whose updates from one version are under way at the same time; no fault",
      flaws: [
        {
          flaw: "the version is compared in memory, a step before the write: two updates from one version both succeed",
          checker: "optimistic-lock",
          types: ["two-winners"],
        },
        {
          flaw: "the write itself has no condition: an acknowledged update is written over by one that never saw it",
          checker: "optimistic-lock",
          types: ["lost-update"],
        },
      ],
      system: textbookVersionedUserSystem,
    }),
    ...defects.map((defect) => defectForm(defect, userSystem, checkers)),
  ],
  workload: versionedProfileWorkload({ users: 3, prepared: 3, callTimeoutMs: limits.callTimeoutMs }),
  faults: oneServiceFaults(userNodes),
  faultsMax: 4,
  checkers,
  limits,
  real: [
    "hardened",
    "textbook",
    "defect:blind-update",
    "defect:affected-rows-ignored",
    "defect:version-from-clock",
  ],
});
