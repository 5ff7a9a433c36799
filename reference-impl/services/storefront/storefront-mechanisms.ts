import { type FillCache, fillUnlessNewer, invalidateBelow } from "../../patterns/versioned-cache.ts";

/** Makes a message count as handled: `apply` does what it asks for. */
export type AcknowledgeNews = (apply: () => Promise<void>) => Promise<void>;

/** The safety mechanisms of the storefront. Built at every start; a defect replaces exactly one. */
export interface StorefrontMechanisms {
  readonly fill: FillCache;
  readonly invalidate: typeof invalidateBelow;
  readonly acknowledge: AcknowledgeNews;
}

/** The mechanisms of the hardened form: a message that was not applied is delivered again. */
export function hardenedStorefrontMechanisms(): StorefrontMechanisms {
  return { fill: fillUnlessNewer, invalidate: invalidateBelow, acknowledge: (apply) => apply() };
}
