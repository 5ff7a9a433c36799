import type { DocumentCollection, DocumentDatabase } from "../../document-database.ts";
import { jsonAnswer, toResponse } from "../../patterns/answer.ts";
import { readBody, readId } from "../../patterns/bad-input.ts";
import type { RetryNeeds } from "../../patterns/bounded-retry.ts";
import { createOutboxIndex, type OutboxDocument, relayDocuments } from "../../patterns/document-outbox.ts";
import {
  type DocumentRequests,
  forgetRequests,
  requestsInDocument,
  requestsKeptMs,
} from "../../patterns/document-requests.ts";
import type { EventBus } from "../../patterns/event-bus.ts";
import type { OutgoingMessage } from "../../patterns/event-message.ts";
import { onceInDocument } from "../../patterns/once-in-document.ts";
import { readStore } from "../../patterns/read-store.ts";
import { type RunningService, runningService } from "../../patterns/running-service.ts";
import { serviceApp } from "../../patterns/service-app.ts";
import { WokenWork, workPace } from "../../patterns/woken-work.ts";
import { movementKinds } from "../inventory/movement.ts";
import { type MoveProductPieces, movePiecesWhereEnough, moveProduct } from "./move-pieces.ts";
import {
  changePrice,
  createProduct,
  findProduct,
  noSuchProduct,
  type ProductCommands,
} from "./product-commands.ts";
import { type ProductDocument, productCollection } from "./product-document.ts";
import { newPriceSchema, newProductSchema, pieceMovementSchema } from "./product-input.ts";

/** The safety mechanisms of the product service. Built at every start; a defect replaces exactly one. */
export interface ProductMechanisms {
  readonly requests: DocumentRequests;
  readonly move: MoveProductPieces;
}

/** The mechanisms of the hardened form. */
export function hardenedProductMechanisms(): ProductMechanisms {
  return { requests: requestsInDocument, move: movePiecesWhereEnough };
}

/** What the product service is given. */
export interface ProductNeeds extends RetryNeeds {
  readonly newId: () => string;
  readonly database: DocumentDatabase;
  /** Null: nobody wants to hear of products. */
  readonly bus: EventBus | null;
  /** Told of each change once it is stored. */
  readonly stored: (message: OutgoingMessage) => void;
}

/** Creates the product service's indexes. */
export async function createProductIndexes(database: DocumentDatabase): Promise<void> {
  await createOutboxIndex(database.collection<ProductDocument>(productCollection));
}

/**
 * Products: the side that takes commands. `POST /products` creates, `GET /products/:id` reads what is stored,
 * `PUT /products/:id/price` changes the price, and `POST` to `/products/:id/reservations`, `…/releases`, `…/shipments`
 * or `…/restocks` moves a quantity of pieces. What changes something needs a `requestKey` in its body.
 * `GET /messages` counts what was announced and what has still to go out.
 *
 * Errors: 400 bad input · 404 `not-found` · 409 `not-enough`, `conflict` or `already-exists` · 422
 * `request-key-reused` · 503 `unavailable` or `no-free-connection` (certainly not done) or
 * `unknown-outcome` (may have been done).
 */
export function productService(needs: ProductNeeds, mechanisms: ProductMechanisms): RunningService {
  const { clock, bus } = needs;
  const products = needs.database.collection<ProductDocument>(productCollection);
  const work = backgroundWork(products, needs);
  work.start();
  const stored = (message: OutgoingMessage) => {
    needs.stored(message);
    work.wake();
  };
  const commands: ProductCommands = { products, requests: mechanisms.requests, clock, stored };
  const app = serviceApp(() => products.findOne({ _id: "" }));
  addCommandRoutes(app, needs, commands, mechanisms);
  addReadRoutes(app, needs, products);
  return runningService(app, {
    stopWork: async () => {
      await work.stop();
      await bus?.close();
    },
    closeClients: async () => {},
  });
}

/** Takes messages to the bus, and forgets old requests ten times in the span that they are kept for. */
function backgroundWork(
  products: DocumentCollection<ProductDocument>,
  { bus, clock }: ProductNeeds,
): WokenWork {
  const forgetEveryMs = requestsKeptMs / 10;
  let forgotAtMs = clock.nowMs();
  const work = async () => {
    const nowMs = clock.nowMs();
    if (nowMs - forgotAtMs >= forgetEveryMs) {
      forgotAtMs = nowMs;
      await forgetRequests(products, nowMs - requestsKeptMs);
    }
    // A collection of products is one of documents with an outbox.
    const documents = products as unknown as DocumentCollection<OutboxDocument>;
    if (bus !== null) await relayDocuments({ documents, bus });
  };
  const pace = bus === null ? { ...workPace, pollMs: forgetEveryMs } : workPace;
  return new WokenWork(clock, work, pace);
}

function addCommandRoutes(
  app: ReturnType<typeof serviceApp>,
  needs: ProductNeeds,
  commands: ProductCommands,
  { move }: ProductMechanisms,
): void {
  const once = onceInDocument(needs);

  app.post("/products", async (context) => {
    const body = await readBody(context.req.raw, newProductSchema);
    if (!body.good) return toResponse(body.answer);
    const { requestKey: key, ...asked } = body.value;
    const product = { ...body.value, id: body.value.id ?? needs.newId() };
    const request = { key, fingerprint: `POST /products ${JSON.stringify(asked)}` };
    return toResponse(await once(key, () => createProduct(commands, product, request)));
  });

  app.put("/products/:id/price", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    const body = await readBody(context.req.raw, newPriceSchema);
    if (!body.good) return toResponse(body.answer);
    const { requestKey: key, ...asked } = body.value;
    const request = { key, fingerprint: `PUT /products/${id.value}/price ${JSON.stringify(asked)}` };
    return toResponse(await once(key, () => changePrice(commands, id.value, body.value, request)));
  });

  for (const kind of movementKinds) {
    app.post(`/products/:id/${kind.route}`, async (context) => {
      const id = readId(context.req.param("id"));
      if (!id.good) return toResponse(id.answer);
      const body = await readBody(context.req.raw, pieceMovementSchema);
      if (!body.good) return toResponse(body.answer);
      const { requestKey: key, quantity } = body.value;
      const request = { key, fingerprint: `POST /products/${id.value}/${kind.route} ${quantity}` };
      return toResponse(
        await once(key, () => moveProduct(commands, id.value, { kind, quantity }, request, move)),
      );
    });
  }
}

function addReadRoutes(
  app: ReturnType<typeof serviceApp>,
  needs: ProductNeeds,
  products: DocumentCollection<ProductDocument>,
): void {
  app.get("/products/:id", async (context) => {
    const id = readId(context.req.param("id"));
    if (!id.good) return toResponse(id.answer);
    return toResponse(
      await readStore(needs, async () => {
        const found = await findProduct(products, id.value);
        if (found === null) return noSuchProduct(id.value);
        const { _id, requests: _, pending: __, ...shown } = found;
        return jsonAnswer(200, { id: _id, ...shown });
      }),
    );
  });

  app.get("/messages", async () =>
    toResponse(await readStore(needs, async () => jsonAnswer(200, await countProductMessages(products)))),
  );
}

async function countProductMessages(
  products: DocumentCollection<ProductDocument>,
): Promise<{ readonly announced: number; readonly unpublished: number }> {
  const found = await products
    .find({})
    .project<Pick<ProductDocument, "version" | "pending">>({ version: 1, pending: 1 })
    .toArray();
  const sum = (count: (product: (typeof found)[number]) => number) =>
    found.reduce((total, product) => total + count(product), 0);
  return { announced: sum(({ version }) => version), unpublished: sum(({ pending }) => pending.length) };
}
