import type { InspectedRecord } from "../harness/run/scenario.ts";
import type { StoreClients } from "../harness/run/system.ts";
import type {
  InventoryTables,
  ItemRow,
  ReservationRow,
} from "../reference-impl/services/inventory/inventory-tables.ts";
import type { PaymentRow, PaymentTables } from "../reference-impl/services/payment/payment-tables.ts";

/** What the services know in the end of orders, pieces and money, read from their stores. */
export interface OrderBooks {
  readonly nodes: { readonly order: string; readonly inventory: string; readonly payment: string };
  /** The orders that ended well. */
  readonly completed: readonly {
    readonly amount: number;
    readonly lines: readonly { readonly item: string; readonly quantity: number }[];
  }[];
  readonly items: readonly Pick<ItemRow, "id" | "stock" | "reserved" | "shipped">[];
  readonly reservations: readonly Pick<ReservationRow, "item_id" | "kind" | "quantity">[];
  readonly payments: readonly Pick<PaymentRow, "kind" | "amount">[];
  /** Pieces of an item before any order. */
  readonly firstStock: (item: string) => number;
}

/**
 * Who holds what, and how much is due, as `balanced-holdings` reads it: pieces against what there was at first, the
 * ledger of pieces against the amounts, and both pieces and money against the orders that ended well.
 */
export function orderHoldings(books: OrderBooks): InspectedRecord[] {
  const { nodes, completed, items, reservations, payments } = books;
  const ordered = new Map<string, number>();
  for (const { item, quantity } of completed.flatMap(({ lines }) => lines)) {
    ordered.set(item, (ordered.get(item) ?? 0) + quantity);
  }
  const taken = new Map<string, number>();
  for (const { item_id, kind, quantity } of reservations) {
    const sign = kind === "reserve" ? 1 : kind === "release" ? -1 : 0;
    taken.set(item_id, (taken.get(item_id) ?? 0) + sign * quantity);
  }
  const paid = payments.reduce((sum, { kind, amount }) => sum + (kind === "charge" ? amount : -amount), 0);
  const owed = completed.reduce((sum, { amount }) => sum + amount, 0);
  return [
    ...items.flatMap(({ id, stock, reserved, shipped }) => [
      due(`pieces/${id}`, nodes.inventory, "first stock", books.firstStock(id)),
      holding(`pieces/${id}`, nodes.inventory, "stock", stock),
      holding(`pieces/${id}`, nodes.inventory, "reserved", reserved),
      holding(`pieces/${id}`, nodes.inventory, "shipped", shipped),
      due(`ledger/${id}`, nodes.inventory, "reserved less released", taken.get(id) ?? 0),
      holding(`ledger/${id}`, nodes.inventory, "reserved and shipped", reserved + shipped),
      due(`ordered/${id}`, nodes.order, "completed orders", ordered.get(id) ?? 0),
      holding(`ordered/${id}`, nodes.inventory, "reserved less released", taken.get(id) ?? 0),
    ]),
    due("money", nodes.order, "completed orders", owed),
    holding("money", nodes.payment, "charges less refunds", paid),
  ];
}

/** What inventory and payment have in their books, read from their stores. */
export async function readBooks(
  stores: StoreClients,
  nodes: { readonly inventoryStore: string; readonly paymentStore: string },
): Promise<Pick<OrderBooks, "items" | "reservations" | "payments">> {
  const inventory = stores.postgres<InventoryTables>(nodes.inventoryStore);
  const items = await inventory.selectFrom("items").selectAll().orderBy("id").execute();
  const reservations = await inventory
    .selectFrom("reservations")
    .select(["item_id", "kind", "quantity"])
    .orderBy("id")
    .execute();
  await inventory.destroy();
  const payment = stores.postgres<PaymentTables>(nodes.paymentStore);
  const payments = await payment.selectFrom("payments").select(["kind", "amount"]).orderBy("id").execute();
  await payment.destroy();
  return { items, reservations, payments };
}

function holding(key: string, node: string, of: string, amount: number): InspectedRecord {
  return { f: "holding", key, node, value: { amount, of } };
}

function due(key: string, node: string, of: string, amount: number): InspectedRecord {
  return { f: "due", key, node, value: { amount, of } };
}
