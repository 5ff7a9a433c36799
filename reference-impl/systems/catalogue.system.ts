import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import type { EventMessage } from "../patterns/event-message.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import { runningService } from "../patterns/running-service.ts";
import { createProductIndexes } from "../services/product/product.service.ts";
import { productTopic } from "../services/product/product-events.ts";
import {
  catalogueGroup,
  createCatalogueIndexes,
  hardenedProductQueryMechanisms,
} from "../services/product-query/product-query.service.ts";
import { textbookCatalogueCommands } from "../textbook/catalogue-commands.textbook.ts";
import { textbookCatalogueQueries } from "../textbook/catalogue-queries.textbook.ts";
import { announcingProduct, projectingQuery } from "./catalogue-starts.ts";
import { announcedDocumentService } from "./service-definitions.ts";
import { kafkaStore, mongodbStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

/** The nodes of the catalogue, and what is stored where. */
export const catalogueNodes = {
  product: "product",
  productStore: "product-db",
  query: "product-query",
  queryStore: "product-query-db",
  bus: "kafka",
  topic: productTopic as string,
} as const;

const nodes = catalogueNodes;

/** Who is told what by Kafka. */
export const catalogueDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.bus, topic: nodes.topic, group: catalogueGroup, consumer: nodes.query },
];

/**
 * Products are created and get other prices at one service, on MongoDB; another one shows them, by id, by category
 * and by the words of their names, from read models on a MongoDB of its own. Between the two is Kafka.
 */
export function catalogueSystem(defect?: Defect<ProjectionMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedProductQueryMechanisms(), ...defect?.replacement() };
  return {
    stores: [
      mongodbStore(nodes.productStore, createProductIndexes),
      mongodbStore(nodes.queryStore, createCatalogueIndexes),
      kafkaStore(nodes.bus, [nodes.topic]),
    ],
    services: [
      announcedDocumentService(nodes.product, nodes.productStore, nodes.bus, announcingProduct),
      announcedDocumentService(nodes.query, nodes.queryStore, nodes.bus, projectingQuery(mechanisms)),
    ],
  };
}

/**
 * The seed's section 3: commands become events in a list, a read model at the other end of the bus appends to its
 * indexes. Positions are places in that list, which is one for all products.
 */
export function textbookCatalogueSystem(): SystemDefinition {
  return {
    stores: [
      mongodbStore(nodes.productStore),
      mongodbStore(nodes.queryStore),
      kafkaStore(nodes.bus, [nodes.topic]),
    ],
    services: [
      announcedDocumentService(nodes.product, nodes.productStore, nodes.bus, async (needs, context) => {
        const appended = ({ id, stream, sequence }: EventMessage) =>
          context.record("event", stream, { position: sequence, event: id });
        const app = await textbookCatalogueCommands({ ...needs, appended });
        return runningService(app, { closeClients: () => needs.bus.close() });
      }),
      announcedDocumentService(nodes.query, nodes.queryStore, nodes.bus, (needs, context) => {
        const applied = ({ id, stream, sequence }: EventMessage) =>
          context.record("applied", stream, { position: sequence, event: id });
        const app = textbookCatalogueQueries({ ...needs, applied });
        return runningService(app, { closeClients: () => needs.bus.close() });
      }),
    ],
  };
}
