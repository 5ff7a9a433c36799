import { fieldOf } from "../checkers/history/json-value.ts";
import type { HistoryEvent, Json } from "../checkers/history/operation.ts";
import { numberIn, recordsOf } from "./flaw-evidence.ts";

type Line = { readonly item: string; readonly quantity: number };

/**
 * What took stock below zero, by taking the pieces of all orders in the order in which they were reserved. `race`: a
 * line took more than there was, so it had been checked before somebody else's pieces were gone. `lines`: never that, but
 * lines of one item that each were within the stock took more than there was together. Null: neither, or an order was
 * reserved in part, so that nobody can tell. Linear, after sorting.
 */
export function oversoldBy(events: readonly HistoryEvent[]): "race" | "lines" | null {
  const stock = new Map<string, number>();
  const orders = new Map<string, readonly Line[]>();
  for (const event of events) {
    if (event.type !== "invoke" || event.key === undefined) continue;
    if (event.f === "create")
      stock.set(event.key.slice("item/".length), Number(fieldOf(event.value, "stock")));
    if (event.f === "place") orders.set(event.key, linesOf(event.value));
  }
  const taken = recordsOf(events, "effect", "final")
    .filter(({ value }) => fieldOf(value, "step") === "stock")
    .sort((a, b) => numberIn(a, "at") - numberIn(b, "at"));
  let together = false;
  for (const record of taken) {
    const lines = orders.get(record.key) ?? [];
    if (numberIn(record, "amount") !== lines.reduce((sum, { quantity }) => sum + quantity, 0)) return null;
    const before = new Map(stock);
    if (lines.some(({ item, quantity }) => quantity > (before.get(item) ?? 0))) return "race";
    for (const { item, quantity } of lines) stock.set(item, (stock.get(item) ?? 0) - quantity);
    together ||= [...stock.values()].some((left) => left < 0);
  }
  return together ? "lines" : null;
}

function linesOf(value: Json | undefined): readonly Line[] {
  const lines = fieldOf(value, "lines");
  if (!Array.isArray(lines)) return [];
  return (lines as readonly Json[]).map((line) => ({
    item: String(fieldOf(line, "item")),
    quantity: Number(fieldOf(line, "quantity")),
  }));
}
