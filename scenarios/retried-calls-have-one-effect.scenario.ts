import { activity } from "../checkers/activity/activity.checker.ts";
import { outgoingCalls } from "../checkers/calls/outgoing-calls.checker.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import { defineScenario, type InspectedRecord, type Scenario } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import { breakerNeverHalfOpens } from "../reference-impl/defects/breaker-never-half-opens.defect.ts";
import { noTimeout } from "../reference-impl/defects/no-timeout.defect.ts";
import { retryValidationErrors } from "../reference-impl/defects/retry-validation-errors.defect.ts";
import { retryWithoutKey } from "../reference-impl/defects/retry-without-key.defect.ts";
import type { PaymentTables } from "../reference-impl/services/payment/payment-tables.ts";
import {
  resilientCallNodes,
  resilientCallsSystem,
  textbookResilientCallsSystem,
} from "../reference-impl/systems/resilient-calls.system.ts";
import { checkoutWorkload } from "./checkout.workload.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { recoveryAfterFaults } from "./recovery-after-faults.ts";

const limits = { loadMs: 120_000, settleMs: 100, callTimeoutMs: 1600 };
const checkers = [
  outgoingCalls({ attemptsMax: 3, callMsMax: 1500, failuresMax: 20, windowMs: 1000 }),
  recoveryAfterFaults({
    functions: ["pay", "read"],
    answeredCodes: ["payment-refused"],
    recoverWithinMs: 2500,
    // Where nothing disturbs, and has not for as long as recovery may take, nobody is turned away.
    graceMs: 2500,
    minOkOutside: 1,
  }),
  activity(),
];
const nodes = resilientCallNodes;

/** Pattern 15: a service that calls another one. */
export const retriedCallsHaveOneEffect: Scenario = defineScenario({
  name: "retried-calls-have-one-effect",
  claim:
    "a call that is retried has one effect, a refusal is not retried, a dependency in trouble is not flooded, and soon after a fault is over callers are served",
  notTested: [
    "whether the pauses between attempts differ from caller to caller",
    "several processes of the caller, each with a breaker of its own",
    "a store whose acknowledged commits do not survive its own crash",
  ],
  patterns: ["15 Retry and circuit breaker"],
  forms: [
    hardenedForm(
      "one request key for all attempts, a time limit, refusals not retried, a breaker that probes",
      () => resilientCallsSystem(),
    ),
    textbookForm({
      summary:
        "the seed's `ResilientDataService`: retries everything without a key, waits for ever, its breaker stays open",
      needs: "a payment that is refused; or an answer that is lost",
      flaws: [
        {
          flaw: "a refusal, which will be one again, is retried like any other error",
          checker: "outgoing-calls",
          types: ["refusal-retried"],
        },
        {
          flaw: "a save that may have worked is sent again without a key",
          checker: "outgoing-calls",
          types: ["repeated-effect"],
        },
        {
          flaw: "a call has no time limit, and waits at least 4 s before it is tried again",
          checker: "outgoing-calls",
          types: ["slow-call"],
        },
        {
          flaw: "a breaker that has opened is never tried again",
          checker: "availability",
          types: ["slow-recovery"],
          isSeenIn: (_anomaly, events) => !wasServedAfterHealing(events),
        },
      ],
      system: textbookResilientCallsSystem,
    }),
    ...[retryValidationErrors, retryWithoutKey, breakerNeverHalfOpens, noTimeout].map((defect) =>
      defectForm(defect, resilientCallsSystem, checkers),
    ),
  ],
  workload: checkoutWorkload(limits.callTimeoutMs),
  faults: systemFaults({
    edges: [
      { from: "clients", to: nodes.caller, speaks: "http" },
      { from: nodes.caller, to: nodes.callee, speaks: "http", weight: 3 },
      { from: nodes.callee, to: nodes.store, speaks: "sql", weight: 2 },
    ],
    processes: [nodes.caller, nodes.caller, nodes.callee, nodes.store],
    unpaused: [nodes.caller],
  }),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:retry-validation-errors"],
  inspect: inspectPayments,
});

/** Was anybody served after the last fault was healed? A breaker that is open for ever serves nobody. */
function wasServedAfterHealing(events: readonly HistoryEvent[]): boolean {
  const healed = events.findLastIndex((event) => event.type === "fault" && event.event === "heal");
  return events.slice(healed + 1).some(({ type }) => type === "ok");
}

/** Money that was taken, from the ledger. */
async function inspectPayments(stores: StoreClients): Promise<readonly InspectedRecord[]> {
  const rows = await stores
    .postgres<PaymentTables>(nodes.store)
    .selectFrom("payments")
    .select(["order_id", "amount", "at"])
    .where("kind", "=", "charge")
    .orderBy("at")
    .execute();
  return rows.map(({ order_id, amount, at }) => {
    const value = { step: "payment", kind: "do", at, amount };
    return { f: "effect", key: `payment/${order_id}`, node: nodes.callee, value };
  });
}
