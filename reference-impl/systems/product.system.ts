import type { ServiceDefinition, SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import type { DocumentDatabase } from "../document-database.ts";
import {
  createProductIndexes,
  hardenedProductMechanisms,
  type ProductMechanisms,
  productService,
} from "../services/product/product.service.ts";
import { textbookProductService } from "../textbook/product.textbook.ts";

/** The nodes of the product system. */
export const productNodes = { service: "product", store: "product-db" } as const;

/** Products and their pieces on MongoDB, in the hardened form, or with one mechanism replaced by a defect. */
export function productSystem(defect?: Defect<ProductMechanisms>): SystemDefinition {
  return oneDocumentService(createProductIndexes, (context) => {
    const { clock, random, newId } = context;
    const database = context.mongodb(productNodes.store);
    const needs = { clock, random, newId, database, bus: null, stored: () => {} };
    return productService(needs, { ...hardenedProductMechanisms(), ...defect?.replacement() });
  });
}

/** Products as the seed's `ProductDatabase` has them. */
export function textbookProductSystem(): SystemDefinition {
  return oneDocumentService(
    async () => {},
    (context) => textbookProductService(context.mongodb(productNodes.store)),
  );
}

function oneDocumentService(
  migrate: (database: DocumentDatabase) => Promise<void>,
  start: ServiceDefinition["start"],
): SystemDefinition {
  return {
    stores: [{ name: productNodes.store, kind: "mongodb", migrate }],
    services: [{ name: productNodes.service, stores: [productNodes.store], start }],
  };
}
