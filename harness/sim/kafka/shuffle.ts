import type { RandomStream } from "../../random/random-stream.ts";

/** Puts the items into a drawn order, in place (Fisher–Yates), as kafkajs does where it must be fair. */
export function shuffle<Item>(items: Item[], random: RandomStream): Item[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.integer(0, i);
    const item = items[i];
    const other = items[j];
    if (item === undefined || other === undefined) continue;
    items[i] = other;
    items[j] = item;
  }
  return items;
}
