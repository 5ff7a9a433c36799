import { entryMsMax, type FillCache } from "../patterns/versioned-cache.ts";
import type { StorefrontMechanisms } from "../services/storefront/storefront-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** Sets whatever was read. */
const fillAnyway: FillCache = async (cache, key, entity) => {
  const expiry = { expiration: { type: "PX", value: entryMsMax } } as const;
  await cache.command("filling the cache", (client) => client.set(key, JSON.stringify(entity), expiry));
};

/** What a reader has loaded goes into the cache without a look at what was heard of meanwhile. */
export const unversionedCacheFill: Defect<StorefrontMechanisms> = {
  name: "unversioned-cache-fill",
  missing:
    "what a reader has loaded goes into the cache without a look at whether something newer was heard of meanwhile",
  needs: "a reader that is slow between its look at the store and its fill, and a change in between",
  shows: [{ checker: "cache-staleness", types: ["stale-entry"] }],
  replacement: () => ({ fill: fillAnyway }),
};
