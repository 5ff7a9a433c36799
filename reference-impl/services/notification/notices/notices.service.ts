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
import { readOrderMessage } from "../../order/announcing/order-message.ts";
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

/** Makes a notice of a message. Throws `MalformedMessage` where it cannot: such a message is poison. */
export type NoticeOf = (message: EventMessage) => NewNotice;

/** Stores the notice of each message. */
export function storeNotice(noticeOf: NoticeOf): Effect<NoticeTables> {
  return async (transaction, message) => {
    await transaction.insertInto("notices").values(noticeOf(message)).execute();
    return async () => {};
  };
}

/** The notice of an order that bears the address of whom to tell. */
export const noticeOfContact: NoticeOf = (message) => {
  const { orderId, contact } = readOrderNews(message.body);
  if (!contact.includes("@")) throw new MalformedMessage(`contact: "${contact}" is no address`);
  const text = `${message.type}: order ${orderId}`;
  return { stream: message.stream, message_id: message.id, contact, text };
};

/** The notice of an order of a customer, whose address is for others to look up. */
export const noticeOfCustomer: NoticeOf = (message) => {
  const { orderId, customerId } = readOrderMessage(message);
  const text = `${message.type}: order ${orderId}`;
  return { stream: message.stream, message_id: message.id, contact: customerId, text };
};

/**
 * Notices of what happens to orders. Consumes only; `GET /notices/:orderId` reads, `GET /messages` counts.
 *
 * Errors: 400 bad input · 503 `unavailable` or `no-free-connection`.
 */
export function noticesApp(needs: ServiceNeeds<NoticeTables>): Hono {
  const app = serviceApp(storeAnswers(needs.database));
  addNoticeRoutes(app, needs);
  return app;
}

/** `GET /notices/:orderId` and `GET /messages`. */
export function addNoticeRoutes(app: Hono, needs: ServiceNeeds<NoticeTables>): void {
  const { database } = needs;

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
}
