import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** How many requests, or answers to them, of the edge from `from` to `to` vanish. */
export type MessageLossParams = {
  readonly from: string;
  readonly to: string;
  readonly kind: "request" | "answer";
  readonly count: number;
};

const schema: v.GenericSchema<MessageLossParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  kind: v.picklist(["request", "answer"]),
  count: messageCount,
});

/** Loses messages without a word: the caller learns of it by its own time limit only. */
export const messageLoss: Fault<MessageLossParams> = {
  name: "message-loss",
  does: "loses the next requests of an edge, or the next answers, without breaking the connection",
  heals: "later messages arrive",
  bite: "messages that were lost",
  parse: (params) => parseParams("message-loss", schema, params),
  target: ({ from, to, kind, count }) => `${count} ${kind}${count === 1 ? "" : "s"} of ${from} → ${to}`,
  inject: (port, { from, to, kind, count }) =>
    wireFault(
      port,
      [kind === "request" ? { from, to } : { from: to, to: from }],
      (message) => (message.kind === kind ? "drop" : null),
      count,
    ),
  // A stream cannot lose a piece from its middle: what follows on the same connection is lost as well,
  // and the connection is broken at the heal.
  real: async (port, { from, to, kind, count }) =>
    messageFault(edgesOf(port, from, to), { select: kind, fate: "swallow" }, count),
  needs: ["proxies"],
};
