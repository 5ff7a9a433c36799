import { Hono } from "hono";
import type { EventDrivenNeeds } from "../patterns/event-driven.ts";
import type { NoticeTables } from "../services/notification/notices/notice-tables.ts";
import { noticeOfContact, notificationGroup } from "../services/notification/notices/notices.service.ts";
import { orderTopics } from "../services/order/choreography/order-events.ts";
import { BrokerEventBus } from "./broker-event-bus.ts";

/** A subscriber of the seed's bus: does its work for every event that comes, as often as it comes. */
export function textbookNotificationService(needs: EventDrivenNeeds<NoticeTables>): Hono {
  const { database } = needs;
  new BrokerEventBus(needs.bus).subscribe(notificationGroup, orderTopics.orders, async (message) => {
    await database.insertInto("notices").values(noticeOfContact(message)).execute();
  });
  return new Hono();
}
