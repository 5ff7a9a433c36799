import type { Filter } from "mongodb";
import { type Answer, errorAnswer, jsonAnswer } from "../../patterns/answer.ts";
import {
  type ProjectedDocument,
  projectedDocuments,
  projectedId,
} from "../../patterns/projected-documents.ts";
import type { ReadModels } from "../../patterns/projection-consumer.ts";
import type { CatalogueEntry } from "../product/product-events.ts";
import { productOfStream, productStream } from "../product/product-events.ts";
import { categoryView, productView, searchView, wordsOf } from "./catalogue-views.ts";

/** What queries are answered from. */
export type CatalogueQueries = Pick<ReadModels, "database" | "generations">;

/** A product as lists show it. */
export interface ListedProduct {
  readonly id: string;
  readonly name: string;
  readonly price: number;
}

/** `GET /products/:id`. */
export async function showProduct({ database, generations }: CatalogueQueries, id: string): Promise<Answer> {
  const views = projectedDocuments<CatalogueEntry>({ database, name: productView.name });
  const found = await generations.readShown((generation) =>
    views.findOne({ _id: projectedId(generation, productStream(id)) }),
  );
  if (found === null || found.state === null)
    return errorAnswer(404, "not-found", `There is no product ${id}.`);
  return jsonAnswer(200, { id, version: found.position, ...found.state });
}

/** `GET /categories/:name`: by id, so that a cut is always the same one. */
export async function listCategory(
  queries: CatalogueQueries,
  category: string,
  limit: number,
): Promise<Answer> {
  const products = await list(queries, categoryView.name, { "state.category": category }, limit);
  return jsonAnswer(200, { category, products });
}

/** `GET /search`: products with any of the words in their name, by id. */
export async function searchProducts(
  queries: CatalogueQueries,
  text: string,
  limit: number,
): Promise<Answer> {
  const condition = { "state.words": { $in: [...wordsOf(text)] } };
  return jsonAnswer(200, { products: await list(queries, searchView.name, condition, limit) });
}

async function list(
  { database, generations }: CatalogueQueries,
  name: string,
  condition: Readonly<Record<string, unknown>>,
  limit: number,
): Promise<readonly ListedProduct[]> {
  const views = projectedDocuments<CatalogueEntry>({ database, name });
  const found = await generations.readShown((generation) =>
    views
      .find({ generation, ...condition } as Filter<ProjectedDocument<CatalogueEntry>>)
      .sort({ _id: 1 })
      .limit(limit)
      .toArray(),
  );
  return found.flatMap(({ stream, state }) =>
    state === null ? [] : [{ id: productOfStream(stream), name: state.name, price: state.price }],
  );
}
