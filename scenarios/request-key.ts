import type { Client } from "../harness/run/scenario.ts";

/** A request key that this client did not use before, and nobody else does. */
export function nextRequestKey(client: Client): string {
  const used = client.session.get("requests");
  const number = typeof used === "number" ? used + 1 : 1;
  client.session.set("requests", number);
  return `client-${client.number}-request-${number}`;
}
