import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Who cannot connect to whom. */
export type ConnectionRefusedParams = { readonly from: string; readonly to: string };

const schema: v.GenericSchema<ConnectionRefusedParams> = v.strictObject({ from: nodeName, to: nodeName });

/** How long the real lane waits for a connection that it can cut. */
const WAIT_ATTEMPTS = 400;
const WAIT_MS = 5;

/** Refuses new connections of an edge and cuts the open ones, as if nobody listened there. */
export const connectionRefused: Fault<ConnectionRefusedParams> = {
  name: "connection-refused",
  does: "refuses every new connection from one node to another, and cuts the open ones",
  heals: "new connections are accepted",
  bite: "connections that were cut or refused (real lane: cut)",
  parse: (params) => parseParams("connection-refused", schema, params),
  target: ({ from, to }) => `${from} ⊘ ${to}`,
  inject: (port, { from, to }) => {
    const directions = [
      { from, to },
      { from: to, to: from },
    ];
    return wireFault(port, directions, ({ kind }, sender) => {
      if (kind === "close") return null;
      const asked = port.nodes(from).includes(sender);
      return asked === (kind === "request") ? (asked ? "refuse" : "reset") : null;
    });
  },
  real: async (port, { from, to }) => {
    const edges = edgesOf(port, from, to);
    // A refused attempt leaves no trace at the harness, so the fault waits for a connection to cut.
    for (let attempt = 0; attempt < WAIT_ATTEMPTS; attempt++) {
      if (edges.some((edge) => edge.traffic().open > 0)) break;
      await port.sleep(WAIT_MS);
    }
    let cut = 0;
    const heal = async () => {
      for (const edge of edges) await edge.enable();
    };
    try {
      for (const edge of edges) cut += await edge.disable();
    } catch (error) {
      await heal();
      throw error;
    }
    return { bites: async () => cut, heal };
  },
  needs: ["proxies"],
};
