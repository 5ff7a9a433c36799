import { describe, expect, test } from "vitest";
import type { SystemDefinition } from "../../../harness/run/system.ts";
import { textbookInventorySystem } from "../../../reference-impl/systems/inventory.system.ts";
import {
  textbookUserSystem,
  textbookVersionedUserSystem,
} from "../../../reference-impl/systems/user.system.ts";
import type { SeedUserTables } from "../../../reference-impl/textbook/user-database.ts";
import { simulate } from "./simulated-system.ts";

const users = "http://user/users";
const user = (name: string) => ({ id: "1", email: "a@example.org", name });

/** The textbook system, and a second process that counts the users over a connection of its own. */
function withObserver(): SystemDefinition {
  const system = textbookUserSystem();
  return {
    ...system,
    services: [
      ...system.services,
      {
        name: "observer",
        stores: ["user-db"],
        start: (context) => {
          const database = context.postgres<SeedUserTables>("user-db");
          return {
            fetch: async () =>
              Response.json({ users: (await database.selectFrom("users").selectAll().execute()).length }),
          };
        },
      },
    ],
  };
}

describe("what the textbook user service gets wrong", () => {
  test("a create is acknowledged and never committed: no other connection ever sees it", async () => {
    await simulate(withObserver(), async ({ request }) => {
      expect(await request("POST", users, user("a"))).toMatchObject({ status: 201 });
      expect(await request("GET", `${users}/1`)).toMatchObject({ status: 200, body: { name: "a" } });
      expect(await request("GET", "http://observer/")).toMatchObject({ body: { users: 0 } });
    });
  });

  test("after a crash of the service the acknowledged user is gone", async () => {
    await simulate(textbookUserSystem(), async ({ request, simulation }) => {
      await request("POST", users, user("a"));
      simulation.port.crash("user");
      simulation.port.restart("user");
      await simulation.scheduler.sleep(1e9);
      expect(await request("GET", `${users}/1`)).toMatchObject({ status: 404 });
    });
  });

  test("one connection is shared: a statement of one request that fails fails all requests from then on", async () => {
    await simulate(textbookUserSystem(), async ({ request }) => {
      await request("POST", users, user("a"));
      expect(await request("POST", users, user("b"))).toMatchObject({ status: 500 });
      expect(await request("GET", `${users}/1`)).toMatchObject({ status: 500 });
      expect(await request("POST", users, { ...user("c"), id: "2" })).toMatchObject({ status: 500 });
    });
  });

  test("a connection that broke stays broken until the service is restarted", async () => {
    await simulate(textbookUserSystem(), async ({ request, simulation }) => {
      await request("POST", users, user("a"));
      simulation.port.crash("user-db");
      simulation.port.restart("user-db");
      await simulation.scheduler.sleep(1e9);
      expect(await request("GET", `${users}/1`)).toMatchObject({ status: 500 });
      simulation.port.crash("user");
      simulation.port.restart("user");
      await simulation.scheduler.sleep(1e9);
      expect(await request("GET", `${users}/1`)).toMatchObject({ status: 404 });
    });
  });

  test("`update_user` writes without looking: of two updates from one state one is lost", async () => {
    await simulate(textbookUserSystem(), async ({ request }) => {
      await request("POST", users, user("a"));
      await request("GET", `${users}/1`);
      expect(await request("PUT", `${users}/1`, user("b"))).toMatchObject({
        status: 200,
        body: { name: "b" },
      });
      expect(await request("PUT", `${users}/1`, user("c"))).toMatchObject({
        status: 200,
        body: { name: "c" },
      });
    });
  });
});

test("the textbook version check: two updates that look at the same time both succeed", async () => {
  const winners: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const simulated = simulate(
      textbookVersionedUserSystem(),
      async ({ request }) => {
        await request("POST", users, user("a"));
        const change = (name: string) => request("PUT", `${users}/1`, { ...user(name), expectedVersion: 1 });
        const answers = await Promise.all([change("b"), change("c")]);
        expect(await change("d")).toMatchObject({ status: 409 });
        const won = answers.filter(({ status }) => status === 200);
        for (const answer of won) expect(answer).toMatchObject({ body: { version: 2 } });
        return won.length;
      },
      { seed },
    );
    winners.push(await simulated);
  }
  expect(winners).toContain(2);
  expect(winners).not.toContain(0);
});

describe("what the textbook inventory gets wrong", () => {
  const item = "http://inventory/items/1";

  test("stock has no floor", async () => {
    await simulate(textbookInventorySystem(), async ({ request }) => {
      await request("POST", "http://inventory/items", { id: "1", stock: 1 });
      expect(await request("POST", `${item}/reservations`, { quantity: 3 })).toMatchObject({ status: 200 });
      expect(await request("GET", item)).toMatchObject({ body: { stock: -2, reserved: 3 } });
    });
  });

  test("a retried request decrements twice", async () => {
    await simulate(textbookInventorySystem(), async ({ request }) => {
      await request("POST", "http://inventory/items", { id: "1", stock: 5 });
      const reserve = () => request("POST", `${item}/reservations`, { quantity: 1, requestKey: "k" });
      await reserve();
      await reserve();
      expect(await request("GET", item)).toMatchObject({ body: { stock: 3, reserved: 2 } });
    });
  });
});
