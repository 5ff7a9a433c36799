import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** How many requests of the edge from `from` to `to` arrive twice. */
export type MessageDuplicationParams = { readonly from: string; readonly to: string; readonly count: number };

const schema: v.GenericSchema<MessageDuplicationParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  count: messageCount,
});

/** Delivers HTTP requests twice, as a proxy does that retries. The caller gets whichever answer is first. */
export const messageDuplication: Fault<MessageDuplicationParams> = {
  name: "message-duplication",
  does: "delivers the next HTTP requests of an edge twice",
  heals: "later requests arrive once",
  bite: "requests that were delivered twice",
  parse: (params) => parseParams("message-duplication", schema, params),
  target: ({ from, to, count }) => `${count} request${count === 1 ? "" : "s"} of ${from} → ${to}`,
  inject: (port, { from, to, count }) =>
    wireFault(
      port,
      [{ from, to }],
      (message) => (message.kind === "request" && message.duplicable ? "duplicate" : null),
      count,
    ),
  // A copy goes over a connection of its own; the caller gets the answer to the original.
  real: async (port, { from, to, count }) =>
    messageFault(edgesOf(port, from, to), { select: "request", fate: "duplicate" }, count),
  needs: ["proxies"],
};
