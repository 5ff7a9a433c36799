import * as fc from "fast-check";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { replicaLag } from "../harness/faults/replica-lag.fault.ts";
import { replicaPause } from "../harness/faults/replica-pause.fault.ts";
import { shopDeliveries, shopNodes } from "../reference-impl/systems/shop.system.ts";
import type { FaultEdge } from "./faults/fault-places.ts";
import { systemFaults } from "./faults/system-faults.ts";

const nodes = shopNodes;

/** On the edges of every service of the shop and on every process, and on the replica of the users. */
export function wholeShopFaults(): readonly FaultChoice[] {
  const replica = fc.constant(nodes.userReplica);
  const lag = fc.record({ replica, delayMs: fc.constantFrom(20, 100, 500) });
  return [
    ...systemFaults({
      edges: [...callEdges(), ...storeEdges(), ...busEdges()] as [FaultEdge, ...FaultEdge[]],
      processes: [
        nodes.user,
        nodes.recommendation,
        nodes.product,
        nodes.query,
        nodes.saga,
        nodes.order,
        nodes.inventory,
        nodes.payment,
        nodes.notification,
        nodes.userStore,
        nodes.userReplica,
        nodes.recommendationStore,
        nodes.productStore,
        nodes.queryStore,
        nodes.sagaStore,
        nodes.orderStore,
        nodes.inventoryStore,
        nodes.paymentStore,
        nodes.notificationStore,
        nodes.bus,
      ],
      deliveries: shopDeliveries,
    }),
    // Twice: with its usual lag a replica is hardly ever behind a client that has other things to do as well.
    ...[lag, lag].map((params) => faultChoice(replicaLag, params)),
    faultChoice(replicaPause, fc.record({ replica })),
  ];
}

function callEdges(): FaultEdge[] {
  const called = [
    nodes.user,
    nodes.recommendation,
    nodes.product,
    nodes.query,
    nodes.saga,
    nodes.order,
    nodes.inventory,
  ];
  const participants = [nodes.order, nodes.inventory, nodes.payment, nodes.notification];
  return [
    ...called.map((to) => ({ from: "clients", to, speaks: "http" as const })),
    ...participants.map((to) => ({ from: nodes.saga, to, speaks: "http" as const })),
  ];
}

function storeEdges(): FaultEdge[] {
  return [
    { from: nodes.user, to: nodes.userStore, speaks: "sql" },
    { from: nodes.user, to: nodes.userReplica, speaks: "sql-reads" },
    { from: nodes.recommendation, to: nodes.recommendationStore, speaks: "sql" },
    { from: nodes.product, to: nodes.productStore, speaks: "documents" },
    { from: nodes.query, to: nodes.queryStore, speaks: "documents" },
    // The saga's log is written statement by statement.
    { from: nodes.saga, to: nodes.sagaStore, speaks: "sql-reads" },
    { from: nodes.order, to: nodes.orderStore, speaks: "sql" },
    { from: nodes.inventory, to: nodes.inventoryStore, speaks: "sql" },
    { from: nodes.payment, to: nodes.paymentStore, speaks: "sql" },
    { from: nodes.notification, to: nodes.notificationStore, speaks: "sql" },
  ];
}

function busEdges(): FaultEdge[] {
  const speakers = [
    nodes.user,
    nodes.recommendation,
    nodes.product,
    nodes.query,
    nodes.order,
    nodes.notification,
  ];
  return speakers.map((from) => ({ from, to: nodes.bus, speaks: "bus" }));
}
