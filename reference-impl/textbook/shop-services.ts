import type { Kysely } from "kysely";
import type { LedgerNeeds, ServiceClock } from "../service-needs.ts";
import type { InventoryTables } from "../services/inventory/inventory-tables.ts";
import { readAboutOrder, readOrderNews } from "../services/order/choreography/order-events.ts";
import type { PaymentTables } from "../services/payment/payment-tables.ts";
import type { InProcessEventBus, SeedEvent } from "./in-process-event-bus.ts";

/** An order of the seed, as a row of `orders`; `stock` holds its `inventory_reserved`. */
export interface SeedOrderRow {
  id: string;
  version: number;
  contact: string;
  lines: string;
  amount: number;
  status: "PENDING" | "PAID";
  payment: string;
  stock: string;
}

/** The seed's dictionary of orders. */
export interface SeedOrderTables {
  orders: SeedOrderRow;
}

/** What the three services are given. */
export interface ShopNeeds extends LedgerNeeds {
  readonly clock: ServiceClock;
  readonly newId: () => string;
}

/** The seed's `OrderService` (section 2). Its dictionary is a table; an assignment to a key overwrites. */
export class ShopOrders {
  readonly #database: Kysely<SeedOrderTables>;
  readonly #bus: InProcessEventBus;

  constructor(database: Kysely<SeedOrderTables>, bus: InProcessEventBus) {
    this.#database = database;
    this.#bus = bus;
  }

  /** `create_order`. */
  async createOrder(data: SeedEvent): Promise<SeedOrderRow> {
    const { orderId, contact, lines, amount } = readOrderNews(data);
    const { id, ...order }: SeedOrderRow = {
      id: orderId,
      version: 1,
      contact,
      lines: JSON.stringify(lines),
      amount,
      status: "PENDING",
      payment: "",
      stock: "",
    };
    await this.#database
      .insertInto("orders")
      .values({ id, ...order })
      .onConflict((conflict) => conflict.column("id").doUpdateSet(order))
      .execute();
    await this.#bus.publish("order.created", data);
    return { id, ...order };
  }

  /** `handle_payment_processed`. */
  async handlePaymentProcessed(event: SeedEvent): Promise<void> {
    await this.#set(event, { status: "PAID", payment: String(event.paymentId) });
    await this.#bus.publish("order.paid", event);
  }

  /** `handle_inventory_reserved`. */
  async handleInventoryReserved(event: SeedEvent): Promise<void> {
    await this.#set(event, { stock: "reserved" });
  }

  async #set(event: SeedEvent, changes: Partial<SeedOrderRow>): Promise<void> {
    const { orderId } = readAboutOrder(event);
    await this.#database.updateTable("orders").set(changes).where("id", "=", orderId).execute();
  }
}

/** The seed sleeps for two seconds here. Nothing depends on how long it takes. */
const paymentMs = 50;

/** The seed's `PaymentService` (section 2): takes the money whenever it is told of an order. */
export class ShopPayments {
  readonly #database: Kysely<PaymentTables>;
  readonly #bus: InProcessEventBus;
  readonly #needs: ShopNeeds;

  constructor(database: Kysely<PaymentTables>, bus: InProcessEventBus, needs: ShopNeeds) {
    this.#database = database;
    this.#bus = bus;
    this.#needs = needs;
  }

  /** `handle_order_created`. */
  async handleOrderCreated(event: SeedEvent): Promise<void> {
    await this.#needs.clock.sleep(paymentMs);
    const { orderId, amount } = readOrderNews(event);
    const id = this.#needs.newId();
    const payment = { id, order_id: orderId, kind: "charge" as const, amount, at: this.#needs.nowUs() };
    await this.#database.insertInto("payments").values(payment).execute();
    await this.#bus.publish("payment.processed", { paymentId: id, orderId, amount });
  }
}

/** The seed's `InventoryService` (section 2): looks at the stock line by line, then takes it. */
export class ShopInventory {
  readonly #database: Kysely<InventoryTables>;
  readonly #bus: InProcessEventBus;
  readonly #needs: ShopNeeds;

  constructor(database: Kysely<InventoryTables>, bus: InProcessEventBus, needs: ShopNeeds) {
    this.#database = database;
    this.#bus = bus;
    this.#needs = needs;
  }

  /** `handle_order_created`. */
  async handleOrderCreated(event: SeedEvent): Promise<void> {
    const { orderId, lines } = readOrderNews(event);
    for (const { item, quantity } of lines) {
      if ((await this.#stockOf(item)) < quantity) {
        await this.#bus.publish("inventory.insufficient", event);
        return;
      }
    }
    const reservation = this.#needs.newId();
    for (const [line, { item, quantity }] of lines.entries()) {
      await this.#database
        .updateTable("items")
        .set((eb) => ({ stock: eb("stock", "-", quantity), reserved: eb("reserved", "+", quantity) }))
        .where("id", "=", item)
        .execute();
      await this.#database
        .insertInto("reservations")
        .values({
          id: `${reservation}/${line}`,
          order_id: orderId,
          item_id: item,
          kind: "reserve",
          quantity,
          at: this.#needs.nowUs(),
        })
        .execute();
    }
    await this.#bus.publish("inventory.reserved", event);
  }

  async #stockOf(item: string): Promise<number> {
    const row = await this.#database
      .selectFrom("items")
      .select("stock")
      .where("id", "=", item)
      .executeTakeFirst();
    return row?.stock ?? 0;
  }
}
