import { encodeArguments, readOptions } from "./encode-arguments.ts";
import type { GroupRead } from "./stream-group-commands.ts";

/** What node-redis' `xReadGroup` was called with, as a request. Throws a refusal for an unknown option. */
export function encodeGroupRead(
  group: unknown,
  consumer: unknown,
  streams: unknown,
  options: Readonly<Record<string, unknown>> | undefined,
): GroupRead {
  const { COUNT, BLOCK, NOACK } = readOptions("XREADGROUP", options, ["COUNT", "BLOCK", "NOACK"]);
  const [groupName = "", consumerName = ""] = encodeArguments([group, consumer], 2);
  const wanted = (Array.isArray(streams) ? streams : [streams]) as readonly { key: unknown; id: unknown }[];
  // A count of 0 or less is no limit.
  const count = typeof COUNT === "number" && COUNT > 0 ? COUNT : Number.POSITIVE_INFINITY;
  return {
    group: groupName,
    consumer: consumerName,
    count,
    blockMs: typeof BLOCK === "number" ? BLOCK : null,
    noAck: NOACK === true,
    streams: wanted.map(({ key, id }) => {
      const [keyText = "", idText = ""] = encodeArguments([key, id], 5);
      return { key: keyText, id: idText };
    }),
  };
}
