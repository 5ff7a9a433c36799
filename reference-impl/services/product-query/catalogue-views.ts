import type { EventMessage } from "../../patterns/event-message.ts";
import type { Projection } from "../../patterns/projection.ts";
import { type CatalogueEntry, evolveProduct } from "../product/product-events.ts";

/** A product as the search shows it: the words that it is found by. */
export interface SearchEntry extends CatalogueEntry {
  readonly words: readonly string[];
}

/** The words of a text, in lower case, each once. */
export function wordsOf(text: string): readonly string[] {
  return [
    ...new Set(
      text
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== ""),
    ),
  ];
}

/** Products by id. */
export const productView: Projection<CatalogueEntry> = { name: "product_view", evolve: evolveProduct };

/** Products by category. */
export const categoryView: Projection<CatalogueEntry> = { name: "category_view", evolve: evolveProduct };

/** Products by the words of their names. */
export const searchView: Projection<SearchEntry> = {
  name: "search_view",
  evolve: (state: SearchEntry | null, message: EventMessage) => {
    const entry = evolveProduct(state, message);
    return entry === null ? null : { ...entry, words: wordsOf(entry.name) };
  },
};
