import * as v from "valibot";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";
import { wireFault } from "./wire-fault.ts";

/** How many answers of the edge from `from` to `to` are lost with their connection. */
export type AnswerLostParams = { readonly from: string; readonly to: string; readonly count: number };

const schema: v.GenericSchema<AnswerLostParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  count: messageCount,
});

/** Breaks connections under answers: the caller sees a reset, although its request was executed. */
export const answerLost: Fault<AnswerLostParams> = {
  name: "answer-lost",
  does: "breaks the connection before the next answers of an edge arrive: the requests were executed",
  heals: "later answers arrive",
  bite: "answers that were lost",
  parse: (params) => parseParams("answer-lost", schema, params),
  target: ({ from, to, count }) => `${count} answer${count === 1 ? "" : "s"} of ${from} → ${to}`,
  inject: (port, { from, to, count }) =>
    wireFault(
      port,
      [{ from: to, to: from }],
      (message) => (message.kind === "answer" ? "reset" : null),
      count,
    ),
  real: async (port, { from, to, count }) =>
    messageFault(edgesOf(port, from, to), { select: "answer", fate: "reset" }, count),
  needs: ["proxies"],
};
