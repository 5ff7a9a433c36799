import * as fc from "fast-check";
import { activity } from "../checkers/activity/activity.checker.ts";
import { outgoingCalls } from "../checkers/calls/outgoing-calls.checker.ts";
import { onKeys } from "../checkers/composition/on-keys.ts";
import { balancedHoldings } from "../checkers/conservation/balanced-holdings.checker.ts";
import { sagaAtomicity } from "../checkers/saga/saga-atomicity.checker.ts";
import { faultChoice } from "../harness/faults/fault.ts";
import { requestLost } from "../harness/faults/request-lost.fault.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { compensateInForwardOrder } from "../reference-impl/defects/compensate-in-forward-order.defect.ts";
import { lateSuccessAfterCompensation } from "../reference-impl/defects/late-success-after-compensation.defect.ts";
import { memoryOnlyProgress } from "../reference-impl/defects/memory-only-progress.defect.ts";
import { noRecovery } from "../reference-impl/defects/no-recovery.defect.ts";
import { noStepKey } from "../reference-impl/defects/no-step-key.defect.ts";
import { retryNonTransient } from "../reference-impl/defects/retry-non-transient.defect.ts";
import { skipUnknownOutcome } from "../reference-impl/defects/skip-unknown-outcome.defect.ts";
import { swallowCompensationFailure } from "../reference-impl/defects/swallow-compensation-failure.defect.ts";
import {
  orderSagaNodes,
  orderSagaSystem,
  textbookOrderSagaSystem,
} from "../reference-impl/systems/order-saga.system.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectOrderSagas, orderSagaStepNames } from "./inspect-order-sagas.ts";
import { orderSagaWorkload } from "./order-saga.workload.ts";
import { orderSagaFlaws } from "./order-saga-flaws.ts";

const limits = { loadMs: 120_000, settleMs: 10_000, callTimeoutMs: 2000 };
const checkers = [
  sagaAtomicity({ steps: orderSagaStepNames, inspected: ["saga", "effect"] }),
  balancedHoldings(),
  outgoingCalls(),
  // What cannot be taken back, and what takes back, is sent until it is done.
  onKeys("steps-outgoing-calls", outgoingCalls({ attemptsMax: 3 }), isBoundedCall),
  activity(),
];
const nodes = orderSagaNodes;
const participants = [
  { service: nodes.order, store: nodes.orderStore },
  { service: nodes.inventory, store: nodes.inventoryStore },
  { service: nodes.payment, store: nodes.paymentStore },
  { service: nodes.notification, store: nodes.notificationStore },
];
const lostOnTheWayBack = fc.record({
  from: fc.constant(nodes.saga),
  to: fc.constantFrom<string>(nodes.payment, nodes.inventory),
  count: fc.integer({ min: 1, max: 3 }),
});
const sagaDefects = [
  memoryOnlyProgress,
  noStepKey,
  skipUnknownOutcome,
  swallowCompensationFailure,
  compensateInForwardOrder,
  noRecovery,
  retryNonTransient,
];

/** Pattern 6, the order saga: an order is processed as a whole or not at all. */
export const sagasEndAtomically: Scenario = defineScenario({
  name: "sagas-end-atomically",
  claim:
    "every accepted order ends: all steps done once, or every step that was done undone once, last first; money and pieces are conserved",
  notTested: [
    "how long a call of the orchestrator takes, since its process is paused, too",
    "two processes that drive sagas at the same time",
    "orders that a customer changes or cancels while they are being processed",
    "a store whose acknowledged commits do not survive its own crash",
  ],
  patterns: ["6 Saga orchestration"],
  forms: [
    hardenedForm(
      "a log before and after each step, one request key per step, compensation of whatever may have happened, recovery",
      () => orderSagaSystem(),
    ),
    textbookForm({
      summary: "the seed's `OrderSagaOrchestrator`: progress in memory, failed compensations forgotten",
      needs: "a crash of the orchestrator, or an answer that is lost",
      flaws: orderSagaFlaws,
      system: textbookOrderSagaSystem,
    }),
    ...sagaDefects.map((defect) => defectForm(defect, (saga) => orderSagaSystem({ saga }), checkers)),
    defectForm(lateSuccessAfterCompensation, (participant) => orderSagaSystem({ participant }), checkers),
  ],
  workload: orderSagaWorkload(limits.callTimeoutMs),
  faults: [
    ...systemFaults({
      edges: [
        { from: "clients", to: nodes.saga, speaks: "http", weight: 4 },
        // Calls between services most often: their outcome is what sagas are about.
        ...participants.map(({ service }) => ({
          ...{ from: nodes.saga, to: service, speaks: "http" as const, weight: 3 },
        })),
        // The log is written without transactions.
        { from: nodes.saga, to: nodes.sagaStore, speaks: "sql-reads", weight: 2 },
        ...participants.map(({ service, store }) => ({
          ...{ from: service, to: store, speaks: "sql" as const, weight: 2 },
        })),
      ],
      processes: [
        nodes.saga,
        // It is what it forgets that matters most.
        ...Array.from({ length: 5 }, () => nodes.saga),
        ...participants.flatMap(({ service, store }) => [service, store]),
        nodes.sagaStore,
      ],
      // Leases on sagas end at a time of day.
      clocks: [nodes.saga],
    }),
    // A request that is lost on the way back is one of a compensation.
    faultChoice(requestLost, lostOnTheWayBack),
    faultChoice(requestLost, lostOnTheWayBack),
  ],
  faultsMax: 5,
  checkers,
  limits,
  real: [
    "hardened",
    "textbook",
    "defect:compensate-in-forward-order",
    "defect:retry-non-transient",
    "defect:no-step-key",
  ],
  inspect: inspectOrderSagas,
});

/** Is the key that of a call which is given up after some attempts? The others end in what must be done in the end. */
function isBoundedCall(key: string): boolean {
  return /^order\/[^/]+\/./.test(key) && !/\/(undo|confirm\/do|notify\/do)$/.test(key);
}
