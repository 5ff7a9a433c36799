import type { MessageFate, MessageSelector } from "../real/network/message-rule.ts";
import type { ProxyEdge } from "../real/network/proxy-edge.ts";
import type { ActiveRealFault } from "./fault.ts";

/** A fault of the real lane that hits the next `limit` messages of its edges. */
export function messageFault(
  edges: readonly ProxyEdge[],
  rule: { readonly select: MessageSelector; readonly fate: MessageFate },
  limit: number = Number.POSITIVE_INFINITY,
): ActiveRealFault {
  let bites = 0;
  const hit = () => {
    if (bites >= limit) return false;
    bites++;
    return true;
  };
  const removers = edges.map((edge) => edge.arm({ ...rule, hit }));
  return {
    bites: async () => bites,
    heal: async () => {
      for (const remove of removers.splice(0)) remove();
    },
  };
}
