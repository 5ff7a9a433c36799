import type { StorefrontMechanisms } from "../services/storefront/storefront-mechanisms.ts";
import type { Defect } from "./defect.ts";

/** A message counts as handled before what it asks for is done: what fails then is never done. */
export const acknowledgeBeforeApply: Defect<StorefrontMechanisms> = {
  name: "acknowledge-before-apply",
  missing: "a message counts as handled before its invalidation is done: one that fails then is never done",
  needs: "a cache that does not answer, or a process that dies, when a message comes",
  shows: [{ checker: "cache-staleness", types: ["stale-entry"] }],
  replacement: () => ({
    acknowledge: async (apply) => {
      void apply().catch(() => {});
    },
  }),
};
