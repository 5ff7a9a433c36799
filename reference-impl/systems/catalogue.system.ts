import type { ServiceContext, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import type { DocumentDatabase } from "../document-database.ts";
import type { EventMessage } from "../patterns/event-message.ts";
import { KafkaEventBus } from "../patterns/kafka-event-bus.ts";
import type { ProjectionMechanisms } from "../patterns/projection.ts";
import { runningService } from "../patterns/running-service.ts";
import {
  createProductIndexes,
  hardenedProductMechanisms,
  productService,
} from "../services/product/product.service.ts";
import { productTopic } from "../services/product/product-events.ts";
import {
  createCatalogueIndexes,
  hardenedProductQueryMechanisms,
  productQueryService,
} from "../services/product-query/product-query.service.ts";
import { textbookCatalogueCommands } from "../textbook/catalogue-commands.textbook.ts";
import { textbookCatalogueQueries } from "../textbook/catalogue-queries.textbook.ts";

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

function catalogueStores(
  migrateProducts: (database: DocumentDatabase) => Promise<void>,
  migrateViews: (database: DocumentDatabase) => Promise<void>,
): SystemDefinition["stores"] {
  return [
    { name: nodes.productStore, kind: "mongodb", migrate: migrateProducts },
    { name: nodes.queryStore, kind: "mongodb", migrate: migrateViews },
    { name: nodes.bus, kind: "kafka", topics: [{ name: nodes.topic, partitions: 3 }] },
  ];
}

/**
 * Products are created and get other prices at one service, on MongoDB; another one shows them, by id, by category
 * and by the words of their names, from read models on a MongoDB of its own. Between the two is Kafka.
 */
export function catalogueSystem(defect?: Defect<ProjectionMechanisms>): SystemDefinition {
  const mechanisms = { ...hardenedProductQueryMechanisms(), ...defect?.replacement() };
  return {
    stores: catalogueStores(createProductIndexes, createCatalogueIndexes),
    services: [
      {
        name: nodes.product,
        stores: [nodes.productStore, nodes.bus],
        start: (context) =>
          productService(
            {
              ...needsOf(context, nodes.productStore),
              stored: ({ message }) => recordStored(context, message),
            },
            hardenedProductMechanisms(),
          ),
      },
      {
        name: nodes.query,
        stores: [nodes.queryStore, nodes.bus],
        start: (context) =>
          productQueryService(
            {
              ...needsOf(context, nodes.queryStore),
              applied: (message) => recordApplied(context, message),
            },
            mechanisms,
          ),
      },
    ],
  };
}

/**
 * The seed's section 3: commands become events in a list, a read model at the other end of the bus appends to its
 * indexes. Positions are places in that list, which is one for all products.
 */
export function textbookCatalogueSystem(): SystemDefinition {
  return {
    stores: catalogueStores(noIndexes, noIndexes),
    services: [
      {
        name: nodes.product,
        stores: [nodes.productStore, nodes.bus],
        start: async (context) => {
          const { database, bus, newId } = needsOf(context, nodes.productStore);
          const appended = ({ id, stream, sequence }: EventMessage) =>
            context.record("event", stream, { position: sequence, event: id });
          const app = await textbookCatalogueCommands({ database, bus, newId, appended });
          return runningService(app, { closeClients: () => bus.close() });
        },
      },
      {
        name: nodes.query,
        stores: [nodes.queryStore, nodes.bus],
        start: (context) => {
          const { database, bus } = needsOf(context, nodes.queryStore);
          const applied = ({ id, stream, sequence }: EventMessage) =>
            context.record("applied", stream, { position: sequence, event: id });
          const app = textbookCatalogueQueries({ database, bus, applied });
          return runningService(app, { closeClients: () => bus.close() });
        },
      },
    ],
  };
}

async function noIndexes(): Promise<void> {}

function needsOf(context: ServiceContext, store: string) {
  const { clock, random, newId } = context;
  const broker = context.kafka(nodes.bus);
  return {
    clock,
    random,
    newId,
    database: context.mongodb(store),
    broker,
    bus: new KafkaEventBus({ broker, clock }),
  };
}

function recordStored(context: ServiceContext, { id, stream, sequence }: EventMessage): void {
  context.record("event", stream, { position: sequence, partition: stream, event: id });
}

function recordApplied(context: ServiceContext, { id, stream, sequence }: EventMessage): void {
  context.record("applied", stream, { position: sequence, partition: stream, event: id });
  context.record("checkpoint", context.name, { position: sequence, partition: stream });
}
