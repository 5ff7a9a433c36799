import * as fc from "fast-check";
import { activity } from "../checkers/activity/activity.checker.ts";
import { lockSafety } from "../checkers/locks/lock-safety.checker.ts";
import { faultChoice } from "../harness/faults/fault.ts";
import { processPause } from "../harness/faults/process-pause.fault.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { expiryShorterThanWork } from "../reference-impl/defects/expiry-shorter-than-work.defect.ts";
import { noFencingToken } from "../reference-impl/defects/no-fencing-token.defect.ts";
import { unlockWithoutOwnerCheck } from "../reference-impl/defects/unlock-without-owner-check.defect.ts";
import type { ReportWriterMechanisms } from "../reference-impl/services/report-writer/report-writer-mechanisms.ts";
import {
  reportWriterNodes,
  reportWriterSystem,
  textbookReportWriterSystem,
} from "../reference-impl/systems/report-writer.system.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectReportWrites } from "./inspect-report-writes.ts";
import { lockedReportsWorkload } from "./locked-reports.workload.ts";

const nodes = reportWriterNodes;
const [workerA, workerB] = nodes.workers;
const limits = { loadMs: 120_000, settleMs: 3000, callTimeoutMs: 2000 };
const checkers = [lockSafety(), activity()];
const defects: readonly Defect<ReportWriterMechanisms>[] = [
  noFencingToken,
  unlockWithoutOwnerCheck,
  expiryShorterThanWork,
];
// What locks are about: a holder that stops, and goes on as if nothing had been.
const pause = faultChoice(
  processPause,
  fc.record({
    process: fc.constantFrom(
      ...[workerA, workerB, workerA, workerB, workerA, workerB, nodes.locks, nodes.store],
    ),
  }),
);

/** Pattern 12: a lock with an expiry, and a store that knows its holders by their tokens. */
export const staleLockHoldersAreRefused: Scenario = defineScenario({
  name: "stale-lock-holders-are-refused",
  claim:
    "a lock has one holder at a time, and the store refuses the writes of a holder once it has seen a newer one",
  notTested: [
    "a lock server that forgets what it acknowledged, and a lock on several servers",
    "clocks that run at different speeds",
    "a stale write that reaches the store before any of the next holder: it is accepted, and does no harm",
    "writes under several locks at once",
  ],
  patterns: ["12 Distributed lock"],
  forms: [
    hardenedForm(
      "a lock with expiry, owner and rising token, renewed during the work; a store that passes no older token",
      () => reportWriterSystem(),
    ),
    textbookForm({
      summary: "SET NX PX, the work, the write, and a delete if it is still one's own: no fencing",
      needs: "a holder that is stopped, or cut off from the store, past the expiry of its lock",
      flaws: [
        {
          flaw: "no fencing: a holder that was stopped past the expiry of its lock still writes",
          checker: "lock-safety",
          types: ["stale-holder-accepted"],
        },
      ],
      system: textbookReportWriterSystem,
    }),
    ...defects.map((defect) => defectForm(defect, reportWriterSystem, checkers)),
  ],
  workload: lockedReportsWorkload(limits.callTimeoutMs),
  faults: [
    ...systemFaults({
      edges: [
        { from: "clients", to: workerA, speaks: "http" },
        { from: "clients", to: workerB, speaks: "http" },
        { from: workerA, to: nodes.store, speaks: "sql" },
        { from: workerB, to: nodes.store, speaks: "sql" },
        { from: workerA, to: nodes.locks, speaks: "bus" },
        { from: workerB, to: nodes.locks, speaks: "bus" },
      ],
      processes: [workerA, workerB, nodes.locks, nodes.store],
    }),
    ...Array.from({ length: 8 }, () => pause),
  ],
  faultsMax: 4,
  checkers,
  limits,
  inspect: inspectReportWrites,
  real: [
    "hardened",
    "textbook",
    "defect:no-fencing-token",
    "defect:unlock-without-owner-check",
    "defect:expiry-shorter-than-work",
  ],
});
