import { expect, test } from "vitest";
import { eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { createEventTables, type EventTables } from "../../../../reference-impl/patterns/event-tables.ts";
import { addMessageRoute } from "../../../../reference-impl/patterns/message-route.ts";
import { appendToOutbox } from "../../../../reference-impl/patterns/outbox.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import {
  databaseNodes,
  type SimulatedDatabase,
  withDatabase,
} from "../../../support/reference-impl/simulated-database.ts";

/** Asks for the messages of a service with that database. */
function asking({ database, context }: SimulatedDatabase<EventTables>) {
  const app = serviceApp();
  const { clock, random } = context;
  addMessageRoute(app, { clock, random, database });
  return async (): Promise<[number, unknown]> => {
    const response = await app.request("/messages");
    return [response.status, await response.json()];
  };
}

const outgoing = [1, 2].map((sequence) => ({
  topic: "t",
  message: eventMessage("s", sequence, "changed", null),
}));

test("tells how many messages were announced and handled, and how many have still to go out", () =>
  withDatabase<EventTables, void>(createEventTables, async (simulated) => {
    const ask = asking(simulated);
    const { database } = simulated;
    expect(await ask()).toEqual([200, { announced: 0, unpublished: 0, handled: 0 }]);
    await database.transaction().execute(async (transaction) => {
      await appendToOutbox(transaction as never, outgoing);
      await transaction
        .insertInto("inbox")
        .values({ consumer: "c", message_id: "m", handled_at_ms: "0" })
        .execute();
    });
    await database.updateTable("outbox").set({ published: true }).where("sequence", "=", 1).execute();
    expect(await ask()).toEqual([200, { announced: 2, unpublished: 1, handled: 1 }]);
  }));

test("answers 503 while the store is away, and counts again when it is back", () =>
  withDatabase<EventTables, void>(createEventTables, async (simulated) => {
    const ask = asking(simulated);
    const { simulation, context } = simulated;
    simulation.port.crash(databaseNodes.store);
    expect(await ask()).toEqual([503, { error: expect.objectContaining({ code: "unavailable" }) }]);
    simulation.port.restart(databaseNodes.store);
    await context.clock.sleep(1000);
    expect(await ask()).toMatchObject([200, { announced: 0 }]);
  }));
