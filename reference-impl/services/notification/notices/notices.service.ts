import type { Hono } from "hono";
import { jsonAnswer, toResponse } from "../../../patterns/answer.ts";
import { readId } from "../../../patterns/bad-input.ts";
import { type EventMessage, MalformedMessage } from "../../../patterns/event-message.ts";
import { storeAnswers } from "../../../patterns/health-routes.ts";
import type { Effect } from "../../../patterns/idempotent-consumer.ts";
import { countHandled } from "../../../patterns/message-counts.ts";
import { readStore } from "../../../patterns/read-store.ts";
import { serviceApp } from "../../../patterns/service-app.ts";
import type { ServiceNeeds } from "../../../service-needs.ts";
import { readOrderNews } from "../../order/choreography/order-events.ts";
import type { NoticeTables } from "./notice-tables.ts";

/** The group of the notification service. */
export const notificationGroup = "notification";

/** A notice without its place among all notices. */
export interface NewNotice {
  readonly stream: string;
  readonly message_id: string;
  readonly contact: string;
  readonly text: string;
}

/** Stores the notice of a message about an order. A message that it cannot make a notice of is poison. */
export const storeNotice: Effect<NoticeTables> = async (transaction, message) => {
  await transaction.insertInto("notices").values(noticeOf(message)).execute();
  return async () => {};
};

/** The notice of a message. Throws `MalformedMessage` where nobody could get it. */
export function noticeOf(message: EventMessage): NewNotice {
  const { orderId, contact } = readOrderNews(message.body);
  if (!contact.includes("@")) throw new MalformedMessage(`contact: "${contact}" is no address`);
  const text = `${message.type}: order ${orderId}`;
  return { stream: message.stream, message_id: message.id, contact, text };
}

/**
 * Notices of what happens to orders. Consumes only; `GET /notices/:orderId` reads, `GET /messages` counts.
 *
 * Errors: 400 bad input · 503 `unavailable`.
 */
export function noticesApp(needs: ServiceNeeds<NoticeTables>): Hono {
  const { database } = needs;
  const app = serviceApp(storeAnswers(database));

  app.get("/notices/:orderId", async (context) => {
    const id = readId(context.req.param("orderId"));
    if (!id.good) return toResponse(id.answer);
    const notices = () =>
      database
        .selectFrom("notices")
        .select(["message_id", "contact", "text"])
        .where("stream", "=", `order/${id.value}`)
        .orderBy("position")
        .execute();
    return toResponse(await readStore(needs, async () => jsonAnswer(200, { notices: await notices() })));
  });

  app.get("/messages", async () =>
    toResponse(
      await readStore(needs, async () => jsonAnswer(200, { handled: await countHandled(database) })),
    ),
  );

  return app;
}
