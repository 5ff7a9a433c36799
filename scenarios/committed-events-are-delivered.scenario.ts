import { activity } from "../checkers/activity/activity.checker.ts";
import { delivery } from "../checkers/delivery/delivery.checker.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { dedupeOutsideTransaction } from "../reference-impl/defects/dedupe-outside-transaction.defect.ts";
import { dedupeWindowTooShort } from "../reference-impl/defects/dedupe-window-too-short.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { dualWrite } from "../reference-impl/defects/dual-write.defect.ts";
import { markBeforePublish } from "../reference-impl/defects/mark-before-publish.defect.ts";
import { poisonMessageBlocks } from "../reference-impl/defects/poison-message-blocks.defect.ts";
import { pollByLastId } from "../reference-impl/defects/poll-by-last-id.defect.ts";
import { twoRelaysUnordered } from "../reference-impl/defects/two-relays-unordered.defect.ts";
import type { EventMechanisms } from "../reference-impl/patterns/event-driven.ts";
import {
  announcedOrderDeliveries,
  announcedOrderNodes,
  announcedOrderSystem,
  textbookAnnouncedOrderSystem,
} from "../reference-impl/systems/announced-orders.system.ts";
import { announcedOrdersWorkload } from "./announced-orders.workload.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectDeliveries } from "./inspect-deliveries.ts";

const nodes = announcedOrderNodes;
const limits = { loadMs: 120_000, settleMs: 30_000, callTimeoutMs: 2000 };
const checkers = [
  delivery({
    consumers: [nodes.notification],
    inspected: ["committed", "published", "handled", "parked"],
  }),
  activity(),
];
const defects: readonly Defect<EventMechanisms>[] = [
  dualWrite,
  markBeforePublish,
  twoRelaysUnordered,
  pollByLastId,
  dedupeOutsideTransaction,
  dedupeWindowTooShort,
  poisonMessageBlocks,
];

/** Pattern 9: what is committed is published, and has its effect once. */
export const committedEventsAreDelivered: Scenario = defineScenario({
  name: "committed-events-are-delivered",
  claim:
    "every committed change of an order is published, in order, and has its effect at the consumer once, or is set aside",
  notTested: [
    "messages that the broker refuses, such as too large ones",
    "a broker that loses what it acknowledged",
    "several consumers of one group",
    "order among messages of different orders",
  ],
  patterns: ["9 Transactional outbox and idempotent consumer"],
  forms: [
    hardenedForm(
      "an outbox in the transaction of the change, two relays, an inbox in the transaction of the effect, poison set aside",
      () => announcedOrderSystem(),
    ),
    textbookForm({
      summary: "store, then publish; a handler's error is printed, and every copy has its effect",
      needs: "a crash between store and publish, two requests that overtake each other, or a redelivery",
      flaws: [
        {
          flaw: "the order is stored, then published: what comes between the two loses the message",
          checker: "delivery",
          types: ["lost-message"],
        },
        {
          flaw: "a handler's error is printed, and the message counts as handled",
          checker: "delivery",
          types: ["unhandled-message"],
        },
        {
          flaw: "the consumer does not know a message again: each copy has its effect",
          checker: "delivery",
          types: ["repeated-effect"],
        },
        {
          flaw: "two requests publish as they please, in another order than they committed",
          checker: "delivery",
          types: ["reordered-publication"],
        },
      ],
      system: textbookAnnouncedOrderSystem,
    }),
    ...defects.map((defect) => defectForm(defect, announcedOrderSystem, checkers)),
  ],
  workload: announcedOrdersWorkload(limits.callTimeoutMs),
  faults: systemFaults({
    edges: [
      { from: "clients", to: nodes.order, speaks: "http" },
      { from: nodes.order, to: nodes.orderStore, speaks: "sql" },
      { from: nodes.order, to: nodes.bus, speaks: "bus" },
      // What this relay does besides looking, nobody can wait for: the order service's own one is quicker.
      { from: nodes.relay, to: nodes.orderStore, speaks: "sql-reads" },
      { from: nodes.notification, to: nodes.bus, speaks: "bus" },
      { from: nodes.notification, to: nodes.notificationStore, speaks: "sql" },
    ],
    processes: [
      nodes.order,
      nodes.relay,
      nodes.notification,
      nodes.orderStore,
      nodes.notificationStore,
      nodes.bus,
    ],
    deliveries: announcedOrderDeliveries,
  }),
  faultsMax: 4,
  checkers,
  limits,
  real: ["hardened", "textbook", "defect:dual-write", "defect:poison-message-blocks"],
  inspect: inspectDeliveries,
});
