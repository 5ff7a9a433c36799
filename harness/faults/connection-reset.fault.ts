import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { nodeName, parseParams } from "./parse-params.ts";
import { edgesOf, piecesThrough, toxicFault } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** Whose connections to whom are reset. */
export type ConnectionResetParams = { readonly from: string; readonly to: string };

const schema: v.GenericSchema<ConnectionResetParams> = v.strictObject({ from: nodeName, to: nodeName });

/** Resets every connection of an edge as soon as its client sends something: that is lost with it. */
export const connectionReset: Fault<ConnectionResetParams> = {
  name: "connection-reset",
  does: "resets every connection from one node to another at the next request: it is not executed",
  heals: "new connections stay",
  bite: "requests that met a reset",
  parse: (params) => parseParams("connection-reset", schema, params),
  target: ({ from, to }) => `${from} ↯ ${to}`,
  inject: (port, { from, to }) =>
    wireFault(port, [{ from, to }], ({ kind }) => (kind === "request" ? "reset" : null)),
  real: (port, { from, to }) =>
    toxicFault(
      edgesOf(port, from, to).map((edge) => ({ edge, stream: "upstream" as const })),
      (stream) => ({ type: "reset_peer", stream }),
      piecesThrough,
    ),
  needs: ["proxies"],
};
