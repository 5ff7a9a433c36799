import { expect, test } from "vitest";
import type { Client } from "../../../harness/run/scenario.ts";
import { announcedOrdersWorkload } from "../../../scenarios/announced-orders.workload.ts";
import { shopWorkload } from "../../../scenarios/shop.workload.ts";

/** A client that is answered by address. */
function clientOf(answers: Readonly<Record<string, unknown>>): Client & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    number: 0,
    session: new Map(),
    clock: { timeoutSignal: () => new AbortController().signal } as unknown as Client["clock"],
    asked,
    fetch: async (url, init = {}) => {
      asked.push(`${init.method} ${url}`);
      const body = answers[url];
      return new Response(JSON.stringify(body ?? null), { status: body === undefined ? 503 : 200 });
    },
  };
}

const order = (announced: number, unpublished: number, handled: number) => ({
  announced,
  unpublished,
  handled,
});

test("announced orders are quiet when all is published, and handled or set aside", async () => {
  const { isQuiet } = announcedOrdersWorkload(100);
  const asked = (messages: unknown, handled: number) =>
    isQuiet?.(clientOf({ "http://order/messages": messages, "http://notification/messages": { handled } }));
  expect(await asked(order(3, 0, 0), 3)).toBe(true);
  expect(await asked(order(3, 1, 0), 3)).toBe(false);
  expect(await asked(order(3, 0, 0), 2)).toBe(false);
  expect(await asked(undefined, 3)).toBe(false);
});

test("the shop is quiet when each service has handled what the others announced", async () => {
  const { isQuiet } = shopWorkload(100);
  const asked = (orders: unknown, payment: unknown, inventory: unknown) =>
    isQuiet?.(
      clientOf({
        "http://order/messages": orders,
        "http://payment/messages": payment,
        "http://inventory/messages": inventory,
      }),
    );
  expect(await asked(order(4, 0, 4), order(2, 0, 4), order(2, 0, 4))).toBe(true);
  expect(await asked(order(4, 0, 3), order(2, 0, 4), order(2, 0, 4))).toBe(false);
  expect(await asked(order(4, 0, 4), order(2, 0, 3), order(2, 0, 4))).toBe(false);
  expect(await asked(order(4, 0, 4), order(2, 0, 4), order(2, 1, 4))).toBe(false);
});

test("the shop reads the amounts at the end under a key of their own", async () => {
  const workload = shopWorkload(100);
  const client = clientOf({ "http://inventory/items/item-1": { stock: 1, reserved: 2, shipped: 0 } });
  const invocation = workload.invocation({ do: "read-at-end", item: 1 }, client.session);
  expect(invocation).toMatchObject({ f: "read", key: "item/item-1-at-end" });
  expect(await workload.perform(invocation, client)).toEqual({
    type: "ok",
    value: { stock: 1, reserved: 2, shipped: 0 },
  });
  expect(client.asked).toEqual(["GET http://inventory/items/item-1"]);
});
