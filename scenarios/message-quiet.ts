import { fieldOf } from "../checkers/history/json-value.ts";
import type { Json } from "../checkers/history/operation.ts";
import type { Client } from "../harness/run/scenario.ts";
import { send } from "./http-outcome.ts";

/** What `GET /messages` of a service tells; what it does not tell counts as 0. */
export interface ServiceMessages {
  readonly announced: number;
  readonly unpublished: number;
  readonly handled: number;
}

const askMs = 500;

/** Asks a service how far it is with its messages; null where it does not answer. */
export async function askMessages(client: Client, service: string): Promise<ServiceMessages | null> {
  const exchange = await send(client, {
    method: "GET",
    url: `http://${service}/messages`,
    signal: client.clock.timeoutSignal(askMs),
  });
  if (exchange.kind !== "answered" || exchange.status !== 200) return null;
  const { body } = exchange;
  return {
    announced: count(body, "announced"),
    unpublished: count(body, "unpublished"),
    handled: count(body, "handled"),
  };
}

function count(body: Json, field: string): number {
  const value = fieldOf(body, field);
  return typeof value === "number" ? value : 0;
}
