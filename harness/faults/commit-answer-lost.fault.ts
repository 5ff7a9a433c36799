import * as v from "valibot";
import { commitFault } from "./commit-fault.ts";
import type { Fault } from "./fault.ts";
import { messageFault } from "./message-fault.ts";
import { messageCount, nodeName, parseParams } from "./parse-params.ts";
import { edgesOf } from "./real-edges.ts";

/** How many answers of a store to COMMIT are lost with their connection. */
export type CommitAnswerLostParams = { readonly from: string; readonly to: string; readonly count: number };

const schema: v.GenericSchema<CommitAnswerLostParams> = v.strictObject({
  from: nodeName,
  to: nodeName,
  count: messageCount,
});

/** Breaks connections under the answers to COMMIT: it took effect, and the service cannot know. */
export const commitAnswerLost: Fault<CommitAnswerLostParams> = {
  name: "commit-answer-lost",
  does: "breaks the connection before the answers to the next COMMITs arrive: they took effect",
  heals: "later answers arrive",
  bite: "answers to COMMIT that were lost",
  parse: (params) => parseParams("commit-answer-lost", schema, params),
  target: ({ from, to, count }) => `${count} COMMIT${count === 1 ? "" : "s"} of ${from} → ${to}`,
  inject: (port, { from, to, count }) => commitFault(port, { from: to, to: from }, "answer", count),
  real: async (port, { from, to, count }) =>
    messageFault(edgesOf(port, from, to), { select: "commit-answer", fate: "reset" }, count),
  needs: ["proxies"],
};
