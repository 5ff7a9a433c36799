import { httpReader } from "./http-reader.ts";
import type { EdgeProtocol } from "./message-rule.ts";
import { postgresReader } from "./postgres-reader.ts";
import type { MessageReader } from "./read-piece.ts";

/** A reader for one new connection. */
export function messageReader(protocol: EdgeProtocol): MessageReader {
  if (protocol === "postgres") return postgresReader();
  if (protocol === "http") return httpReader();
  return {
    up: () => ({ holds: ["request"], request: null }),
    down: () => ({ holds: ["answer"], request: null }),
  };
}
