import type { Json } from "../checkers/history/operation.ts";
import type { Client } from "../harness/run/scenario.ts";
import { type Exchange, send, sendUntilDecided } from "./http-outcome.ts";
import { nextRequestKey } from "./request-key.ts";

/** A line of an order, as a client asks for it. */
export type OrderedLine = { readonly item: string; readonly quantity: number };

/** An order, as a client asks for it. */
export interface OrderBody {
  readonly id: string;
  readonly contact: string;
  readonly lines: readonly OrderedLine[];
  readonly amount: number;
}

/** The requests that a client makes to the order service. */
export interface OrderClient {
  look(id: string): Promise<Exchange>;
  place(order: OrderBody): Promise<Exchange>;
  changeContact(id: string, contact: Json): Promise<Exchange>;
}

/** Each request takes what is left of the same time limit. `persistent`: one without an answer is sent once more. */
export function orderClient(
  client: Client,
  service: string,
  callTimeoutMs: number,
  persistent = true,
): OrderClient {
  const change = persistent ? sendUntilDecided : send;
  const signal = client.clock.timeoutSignal(callTimeoutMs);
  const orders = `http://${service}/orders`;
  const post = (url: string, body: { readonly [field: string]: Json }): Promise<Exchange> =>
    change(client, {
      method: "POST",
      url,
      body: { ...body, requestKey: nextRequestKey(client) },
      signal,
    });
  return {
    look: (id) => send(client, { method: "GET", url: `${orders}/${id}`, signal }),
    place: ({ id, contact, lines, amount }) => post(orders, { id, contact, lines, amount }),
    changeContact: (id, contact) => post(`${orders}/${id}/changes`, { contact }),
  };
}
