import type { ServiceContext, ServiceDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { CacheClient } from "../cache-client.ts";
import type { Defect } from "../defects/defect.ts";
import { RedisConnection } from "../patterns/redis-connection.ts";
import type { RunningService } from "../patterns/running-service.ts";
import { createProductIndexes } from "../services/product/product.service.ts";
import { productTopic } from "../services/product/product-events.ts";
import {
  type StorefrontNeeds,
  storefrontGroup,
  storefrontService,
} from "../services/storefront/storefront.service.ts";
import {
  hardenedStorefrontMechanisms,
  type StorefrontMechanisms,
} from "../services/storefront/storefront-mechanisms.ts";
import { textbookStorefrontService } from "../textbook/storefront.textbook.ts";
import { announcingProduct } from "./catalogue-starts.ts";
import { announcedDocumentService, busOf, callerNeeds } from "./service-definitions.ts";
import { kafkaStore, mongodbStore, redisStore } from "./store-definitions.ts";
import type { TopicDelivery } from "./topic-delivery.ts";

/** The nodes of the storefront: the product service with its store, and a service that shows products from a cache. */
export const storefrontNodes = {
  product: "product",
  productStore: "product-db",
  storefront: "storefront",
  cache: "cache",
  bus: "kafka",
  topic: productTopic as string,
} as const;

const nodes = storefrontNodes;

/** Who is told what by Kafka. */
export const storefrontDeliveries: readonly TopicDelivery[] = [
  { broker: nodes.bus, topic: nodes.topic, group: storefrontGroup, consumer: nodes.storefront },
];

/** A cache in front of the product service, in the hardened form or with one mechanism replaced by a defect. */
export function storefrontSystem(defect?: Defect<StorefrontMechanisms>): SystemDefinition {
  return withStorefront((needs) =>
    storefrontService(needs, { ...hardenedStorefrontMechanisms(), ...defect?.replacement() }),
  );
}

/** The same behind the seed's `CacheInvalidationHandler`. */
export function textbookStorefrontSystem(): SystemDefinition {
  return withStorefront((needs, { record }) => textbookStorefrontService({ ...needs, record }));
}

function withStorefront(
  start: (needs: StorefrontNeeds, context: ServiceContext) => RunningService,
): SystemDefinition {
  const storefront: ServiceDefinition = {
    name: nodes.storefront,
    stores: [nodes.cache, nodes.bus],
    calls: [nodes.product],
    start: (context) => {
      const { clock, fetch } = callerNeeds(context);
      const cache = new RedisConnection<CacheClient>({ openRedis: () => context.redis(nodes.cache), clock });
      const bus = busOf(context, { kind: "kafka", name: nodes.bus });
      return start({ clock, fetch, cache, bus }, context);
    },
  };
  return {
    stores: [
      mongodbStore(nodes.productStore, createProductIndexes),
      redisStore(nodes.cache),
      kafkaStore(nodes.bus, [nodes.topic]),
    ],
    services: [
      announcedDocumentService(nodes.product, nodes.productStore, nodes.bus, announcingProduct),
      storefront,
    ],
  };
}
