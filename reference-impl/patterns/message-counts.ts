import type { Kysely } from "kysely";
import type { EventTables } from "./event-tables.ts";
import type { InboxTables } from "./inbox.ts";

/** How far a service is with its messages: what an operator looks at, and what tells that all is quiet. */
export interface MessageCounts {
  readonly announced: number;
  readonly unpublished: number;
  /** Set-aside ones included. */
  readonly handled: number;
}

/**
 * Counts the messages of a service. What was handled is counted first: so all that the handled ones have
 * led to is among the announced ones, whatever happens between the two looks.
 */
export async function countMessages(database: Kysely<EventTables>): Promise<MessageCounts> {
  const handled = await countHandled(database);
  const outbox = await database
    .selectFrom("outbox")
    .select((eb) => ["published", eb.fn.countAll().as("messages")])
    .groupBy("published")
    .execute();
  const counts = new Map(outbox.map(({ published, messages }) => [published, Number(messages)]));
  const unpublished = counts.get(false) ?? 0;
  return {
    announced: unpublished + (counts.get(true) ?? 0),
    unpublished,
    handled,
  };
}

/** Counts the messages that a service has dealt with. */
export async function countHandled<Tables extends InboxTables>(database: Kysely<Tables>): Promise<number> {
  const inbox = database as unknown as Kysely<InboxTables>;
  const row = await inbox
    .selectFrom("inbox")
    .select((eb) => eb.fn.countAll().as("messages"))
    .executeTakeFirst();
  return Number(row?.messages ?? 0);
}
