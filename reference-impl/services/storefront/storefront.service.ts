import type { Hono } from "hono";
import * as v from "valibot";
import { type Answer, errorAnswer, jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readId } from "../../patterns/bad-input.ts";
import type { EventBus, Subscription } from "../../patterns/event-bus.ts";
import { decodeMessage, type EventMessage, MalformedMessage } from "../../patterns/event-message.ts";
import { type CallerNeeds, outgoingCall } from "../../patterns/outgoing-call.ts";
import { RedisFailure } from "../../patterns/redis-connection.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { unavailable } from "../../patterns/store-trouble.ts";
import { type CacheConnection, type CachedEntity, readCached } from "../../patterns/versioned-cache.ts";
import { productOfStream, productTopic } from "../product/product-events.ts";
import type { StorefrontMechanisms } from "./storefront-mechanisms.ts";

/** What the storefront is given. It has no store of its own, only a cache. */
export interface StorefrontNeeds extends CallerNeeds {
  readonly cache: CacheConnection;
  readonly bus: EventBus;
}

/** The group of the storefront. */
export const storefrontGroup = "storefront";

const callMs = 400;
const versionedSchema = v.object({ version: v.number() });

/** Where the cache has a product. */
export function cacheKeyOf(productId: string): string {
  return `product:${productId}`;
}

/**
 * Shows products, most of them from a cache in front of the product service: what is not there is asked for and put
 * there (cache-aside), what changes is taken out when the product service announces it. `GET /products/:id` reads.
 * Without its cache it goes on, and asks each time.
 *
 * Errors: 400 bad input · 404 `not-found` · 503 `unavailable`.
 */
export function storefrontService(needs: StorefrontNeeds, mechanisms: StorefrontMechanisms): RunningService {
  const { cache, bus } = needs;
  const news = followProducts(needs, mechanisms);
  const app = serviceApp();
  addProductRoute(app, needs, mechanisms);
  return runningService(app, {
    stopWork: async () => {
      await news.stop();
      await bus.close();
    },
    closeClients: () => cache.close(),
  });
}

function followProducts(
  { bus, cache }: StorefrontNeeds,
  { invalidate, acknowledge }: StorefrontMechanisms,
): Subscription {
  return bus.subscribe(storefrontGroup, [productTopic], async ({ value }) => {
    const message = readable(value);
    if (message === null) return;
    const key = cacheKeyOf(productOfStream(message.stream));
    await acknowledge(() => invalidate(cache, key, message.sequence));
  });
}

/** Null: nobody will ever be able to read it. */
function readable(value: string): EventMessage | null {
  try {
    return decodeMessage(value);
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}

function addProductRoute(app: Hono, needs: StorefrontNeeds, { fill }: StorefrontMechanisms): void {
  app.get("/products/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const key = cacheKeyOf(id.value);
    const cached = await unlessAway(() => readCached(needs.cache, key));
    if (cached !== null) return toResponse({ status: 200, body: cached.body });
    const { answer, entity } = await askProduct(needs, id.value);
    if (entity !== null) await unlessAway(() => fill(needs.cache, key, entity));
    return toResponse(answer);
  });
}

/** Null where the cache does not answer: it is none of the reader's business. */
async function unlessAway<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RedisFailure) return null;
    throw error;
  }
}

/** What the product service says, and what of it may be cached. */
async function askProduct(
  needs: CallerNeeds,
  id: string,
): Promise<{ readonly answer: Answer; readonly entity: CachedEntity | null }> {
  const url = `http://product/products/${id}`;
  const outcome = await outgoingCall(needs, { method: "GET", url }, { timeoutMs: callMs });
  if (outcome.kind === "refused") {
    const missing = errorAnswer(outcome.status, "refused", "The product service refused.");
    return {
      answer: outcome.body === null ? missing : jsonAnswer(outcome.status, outcome.body),
      entity: null,
    };
  }
  if (outcome.kind !== "done") return { answer: unavailable(), entity: null };
  const answer = jsonAnswer(200, outcome.body);
  const told = v.safeParse(versionedSchema, outcome.body);
  return { answer, entity: told.success ? { version: told.output.version, body: answer.body } : null };
}
