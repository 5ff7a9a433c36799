import { incrementAmounts } from "../services/product/move-pieces.ts";
import type { ProductMechanisms } from "../services/product/product.service.ts";
import type { Defect } from "./defect.ts";

/** Pieces of a product are taken by `$inc`, whether or not there are enough. */
export const unguardedIncrement: Defect<ProductMechanisms> = {
  name: "unguarded-increment",
  missing: "the `$inc` that takes pieces of a product has no condition on how many there are",
  needs: "clients that ask for more than there is; no fault",
  shows: [{ checker: "conservation", types: ["negative-amount"] }],
  replacement: () => ({ move: incrementAmounts }),
};
