import type { Hono } from "hono";
import type { DocumentDatabase } from "../../document-database.ts";
import type { LogBroker } from "../../log-broker.ts";
import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { type Input, readId } from "../../patterns/bad-input.ts";
import type { RetryNeeds } from "../../patterns/bounded-retry.ts";
import type { EventBus } from "../../patterns/event-bus.ts";
import type { EventMessage } from "../../patterns/event-message.ts";
import { projectedDocuments } from "../../patterns/projected-documents.ts";
import { hardenedProjectionMechanisms, type ProjectionMechanisms } from "../../patterns/projection.ts";
import { countApplied, projectionConsumer, type ReadModels } from "../../patterns/projection-consumer.ts";
import { ProjectionGenerations } from "../../patterns/projection-generations.ts";
import { ProjectionRebuilder } from "../../patterns/projection-rebuilder.ts";
import { readStore } from "../../patterns/read-store.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { productTopic } from "../product/product-events.ts";
import { listCategory, searchProducts, showProduct } from "./catalogue-queries.ts";
import { categoryView, productView, searchView } from "./catalogue-views.ts";

/** The group of the consumer, and the name of the read models. */
export const catalogueGroup = "catalogue";

/** What the query service is given. */
export interface ProductQueryNeeds extends RetryNeeds {
  readonly newId: () => string;
  readonly database: DocumentDatabase;
  readonly broker: LogBroker;
  readonly bus: EventBus;
  /** Told of each message whose effect `GET /products/:id` shows from now on. */
  readonly applied: (message: EventMessage) => void;
}

/** The mechanisms of the hardened form. */
export const hardenedProductQueryMechanisms: () => ProjectionMechanisms = hardenedProjectionMechanisms;

/** Creates the indexes of the read models, and their first generation. */
export async function createCatalogueIndexes(database: DocumentDatabase): Promise<void> {
  await new ProjectionGenerations(database, catalogueGroup).create();
  await projectedDocuments({ database, name: productView.name }).createIndex({ generation: 1 });
  const categories = projectedDocuments({ database, name: categoryView.name });
  await categories.createIndex({ generation: 1, "state.category": 1, _id: 1 });
  const words = projectedDocuments({ database, name: searchView.name });
  await words.createIndex({ generation: 1, "state.words": 1, _id: 1 });
}

/**
 * Products: the side that answers queries, from read models that it keeps up to date with the messages of the other
 * side. `GET /products/:id`, `GET /categories/:name` and `GET /search?word=`, the last two with `limit` (20, at most
 * 100) and by id. `POST /rebuilds` builds all read models anew while the old ones are shown; `GET /rebuilds` tells
 * how far that is. `GET /messages` counts the messages that are in all generations of the read models.
 *
 * Errors: 400 bad input · 404 `not-found` · 503 `unavailable` or `no-free-connection`.
 */
export function productQueryService(
  needs: ProductQueryNeeds,
  mechanisms: ProjectionMechanisms,
): RunningService {
  const { database, clock, bus, broker, newId } = needs;
  const models: ReadModels = {
    database,
    generations: new ProjectionGenerations(database, catalogueGroup),
    projections: [productView, categoryView, searchView],
    mechanisms,
    clock,
    applied: needs.applied,
  };
  const log = { broker, bus, clock, topic: productTopic };
  const rebuilder = new ProjectionRebuilder(models, {
    ...log,
    newGroup: () => `${catalogueGroup}-${newId()}`,
  });
  rebuilder.start();
  const subscription = bus.subscribe(catalogueGroup, [productTopic], projectionConsumer(models));
  const app = serviceApp(() => models.generations.load());
  addQueryRoutes(app, needs, models);
  app.post("/rebuilds", () => {
    rebuilder.request();
    return toResponse(jsonAnswer(202, { requested: true }));
  });
  return runningService(app, {
    stopWork: async () => {
      await subscription.stop();
      await rebuilder.stop();
      await bus.close();
    },
    closeClients: async () => {},
  });
}

function addQueryRoutes(app: Hono, needs: RetryNeeds, models: ReadModels): void {
  const answer = async (read: () => Promise<Answer>) => toResponse(await readStore(needs, read));

  app.get("/products/:id", async (context) => {
    const id = readId(context.req.param("id"));
    return id.good ? await answer(() => showProduct(models, id.value)) : toResponse(id.answer);
  });

  app.get("/categories/:name", async (context) => {
    const limit = readLimit(context.req.query("limit"));
    if (!limit.good) return toResponse(limit.answer);
    return await answer(() => listCategory(models, context.req.param("name"), limit.value));
  });

  app.get("/search", async (context) => {
    const limit = readLimit(context.req.query("limit"));
    if (!limit.good) return toResponse(limit.answer);
    const word = context.req.query("word") ?? "";
    if (word.trim() === "" || word.length > textMax) {
      return toResponse(errorAnswer(400, "bad-word", `word: expected 1 to ${textMax} characters.`));
    }
    return await answer(() => searchProducts(models, word, limit.value));
  });

  app.get("/rebuilds", async () =>
    answer(async () => {
      const { live, newest } = await models.generations.load();
      return jsonAnswer(200, { live, building: newest > live ? newest : null });
    }),
  );

  app.get("/messages", async () =>
    answer(async () => jsonAnswer(200, { handled: await countApplied(models) })),
  );
}

const textMax = 100;
const limitUsual = 20;
const limitMax = 100;

function readLimit(given: string | undefined): Input<number> {
  if (given === undefined) return { good: true, value: limitUsual };
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit >= 1 && limit <= limitMax) return { good: true, value: limit };
  const message = `limit: expected a whole number from 1 to ${limitMax}.`;
  return { good: false, answer: errorAnswer(400, "bad-limit", message) };
}
