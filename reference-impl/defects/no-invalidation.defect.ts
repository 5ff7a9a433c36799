import type { StorefrontMechanisms } from "../services/storefront/storefront-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** Changes take nothing out of the cache: an entry is shown until it expires. */
export const noInvalidation: Defect<StorefrontMechanisms> = {
  name: "no-invalidation",
  missing: "changes take nothing out of the cache: an entry is shown until it expires",
  needs: "a product that is looked at, then changed; no fault",
  shows: [{ checker: "cache-staleness", types: ["stale-entry"] }],
  replacement: () => ({ invalidate: async () => {} }),
};
