import type { SystemDefinition } from "../../harness/run/system.ts";
import type { Defect } from "../defects/defect.ts";
import {
  createProductIndexes,
  hardenedProductMechanisms,
  type ProductMechanisms,
  productService,
} from "../services/product/product.service.ts";
import { textbookProductService } from "../textbook/product.textbook.ts";
import { documentService } from "./service-definitions.ts";
import { mongodbStore } from "./store-definitions.ts";

/** The nodes of the product system. */
export const productNodes = { service: "product", store: "product-db" } as const;

/** Products and their pieces on MongoDB, in the hardened form, or with one mechanism replaced by a defect. */
export function productSystem(defect?: Defect<ProductMechanisms>): SystemDefinition {
  const { service, store } = productNodes;
  return {
    stores: [mongodbStore(store, createProductIndexes)],
    services: [
      documentService(service, store, (needs) =>
        productService(
          { ...needs, bus: null, stored: () => {} },
          { ...hardenedProductMechanisms(), ...defect?.replacement() },
        ),
      ),
    ],
  };
}

/** Products as the seed's `ProductDatabase` has them. */
export function textbookProductSystem(): SystemDefinition {
  const { service, store } = productNodes;
  return {
    stores: [mongodbStore(store)],
    services: [documentService(service, store, ({ database }) => textbookProductService(database))],
  };
}
