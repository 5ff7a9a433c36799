import { setTimeout as sleep } from "node:timers/promises";
import type { RealFaultPort } from "../../../harness/faults/real-fault-port.ts";
import type { EdgeNetwork } from "../../../harness/real/network/edge-network.ts";
import type { WriteUndo } from "../../../harness/real/network/undo.ts";

const absent = (): never => {
  throw new Error("This test has edges only.");
};

/** The port of a system that has edges and nothing else. */
export function edgePort(network: EdgeNetwork, journal: WriteUndo): RealFaultPort {
  return {
    nodes: (name) => [name],
    edges: (from, to) => network.edges(from, to),
    process: absent,
    postgres: absent,
    kafka: absent,
    clockFile: absent,
    journal,
    sleep: async (ms) => {
      await sleep(ms);
    },
  };
}
