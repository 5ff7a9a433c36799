import { FaultlineError } from "../../faultline-error.ts";
import type { RealFaultPort } from "../../faults/real-fault-port.ts";
import type { EdgeNetwork } from "../network/edge-network.ts";
import type { FaultJournal } from "../network/fault-journal.ts";
import type { ProvisionedStores } from "../substrate/substrate.ts";
import type { RealSystem } from "./real-system.ts";

/** What faults may act upon in a running system of the real lane. */
export interface FaultyWorld {
  readonly running: RealSystem;
  readonly stores: ProvisionedStores;
  readonly network: EdgeNetwork;
  readonly journal: FaultJournal;
  readonly clientNodes: readonly string[];
  readonly sleep: (ms: number) => Promise<void>;
}

/** The faults' view of a running system. */
export function systemFaultPort(world: FaultyWorld): RealFaultPort {
  const { running, stores, network, journal, clientNodes, sleep } = world;
  const nodes = (name: string): readonly string[] => {
    if (name === "clients") return clientNodes;
    if (running.nodes.includes(name)) return [name];
    throw new FaultlineError(
      "usage",
      "bad-plan",
      `There is no node "${name}" in this system. There are: clients, ${running.nodes.join(", ")}.`,
      "Correct the name in the plan or in the scenario.",
    );
  };
  return {
    nodes,
    edges: (from, to) =>
      nodes(from).flatMap((source) => nodes(to).flatMap((target) => network.edges(source, target))),
    process: (name) => running.process(name),
    postgres: (store) => stores.postgres(store),
    kafka: (store) => stores.kafka(store),
    clockFile: (service) => running.clockFile(service),
    journal: journal.undo,
    sleep,
  };
}
