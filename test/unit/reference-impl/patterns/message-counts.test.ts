import { expect, test } from "vitest";
import { eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { createEventTables, type EventTables } from "../../../../reference-impl/patterns/event-tables.ts";
import { admitMessage } from "../../../../reference-impl/patterns/inbox.ts";
import { countHandled, countMessages } from "../../../../reference-impl/patterns/message-counts.ts";
import { appendToOutbox } from "../../../../reference-impl/patterns/outbox.ts";
import { withDatabase } from "../../../support/reference-impl/simulated-database.ts";

test("messages are counted as announced, not yet published, and handled, each copy once", () =>
  withDatabase<EventTables, void>(createEventTables, async ({ database }) => {
    expect(await countMessages(database)).toEqual({ announced: 0, unpublished: 0, handled: 0 });
    const messages = [1, 2, 3].map((sequence) => eventMessage("s", sequence, "changed", null));
    await appendToOutbox(
      database as never,
      messages.map((message) => ({ topic: "t", message })),
    );
    expect(await countMessages(database)).toEqual({ announced: 3, unpublished: 3, handled: 0 });
    const [first] = await database.selectFrom("outbox").select("position").orderBy("position").execute();
    await database
      .updateTable("outbox")
      .set({ published: true })
      .where("position", "=", first?.position ?? "")
      .execute();
    for (const id of ["m", "m", "n"]) await admitMessage(database as never, "c", id, 0);
    expect(await countMessages(database)).toEqual({ announced: 3, unpublished: 2, handled: 2 });
    expect(await countHandled(database)).toBe(2);
  }));
