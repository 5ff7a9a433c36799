import * as fc from "fast-check";
import { activity } from "../checkers/activity/activity.checker.ts";
import { cacheStaleness } from "../checkers/cache/cache-staleness.checker.ts";
import type { Anomaly } from "../checkers/checker.ts";
import type { HistoryEvent } from "../checkers/history/operation.ts";
import { type FaultChoice, faultChoice } from "../harness/faults/fault.ts";
import { linkLatency } from "../harness/faults/link-latency.fault.ts";
import { processCrash } from "../harness/faults/process-crash.fault.ts";
import { defineScenario, type Scenario } from "../harness/run/scenario.ts";
import { acknowledgeBeforeApply } from "../reference-impl/defects/acknowledge-before-apply.defect.ts";
import type { Defect } from "../reference-impl/defects/defect.ts";
import { noInvalidation } from "../reference-impl/defects/no-invalidation.defect.ts";
import { unversionedCacheFill } from "../reference-impl/defects/unversioned-cache-fill.defect.ts";
import type { StorefrontMechanisms } from "../reference-impl/services/storefront/storefront-mechanisms.ts";
import {
  storefrontDeliveries,
  storefrontNodes,
  storefrontSystem,
  textbookStorefrontSystem,
} from "../reference-impl/systems/storefront.system.ts";
import { cachedProductsWorkload } from "./cached-products.workload.ts";
import { systemFaults } from "./faults/system-faults.ts";
import { recordsOf } from "./flaw-evidence.ts";
import { defectForm, hardenedForm, textbookForm } from "./forms.ts";
import { inspectCachedProducts } from "./inspect-cached-products.ts";

const nodes = storefrontNodes;
const limits = { loadMs: 120_000, settleMs: 10_000, callTimeoutMs: 2000 };
const checkers = [cacheStaleness({ caches: [nodes.storefront] }), activity()];
const defects: readonly Defect<StorefrontMechanisms>[] = [
  unversionedCacheFill,
  acknowledgeBeforeApply,
  noInvalidation,
];

/** Pattern 8, cache invalidation: a cache in front of a service is right once all is quiet. */
export const cachedProductsAreCurrent: Scenario = defineScenario({
  name: "cached-products-are-current",
  claim: "once all is quiet the cache shows of each product what is stored, however readers and changes met",
  notTested: [
    "how old what is shown may be under load: it is measured, not bounded",
    "a cache that forgets what it was told, or is full and drops what it likes",
    "products that are removed, and answers that say that there is none",
    "several processes of the storefront",
  ],
  patterns: ["8 Change data capture"],
  forms: [
    hardenedForm(
      "cache-aside with versions: invalidation before the message is acknowledged, no fill that is older than what was heard of, entries that expire",
      () => storefrontSystem(),
    ),
    textbookForm({
      summary:
        "the seed's `CacheInvalidationHandler`, and a reader that puts what it has loaded into the cache, for ever",
      needs: "a slow reader and a change, or a cache that does not answer when a change is announced",
      flaws: [
        {
          flaw: "a reader that loaded the old state puts it back into the cache after the invalidation",
          checker: "cache-staleness",
          types: ["stale-entry"],
          isSeenIn: (anomaly, events) => !wasPrinted(anomaly, events),
        },
        {
          flaw: "an error of a handler is printed and its change is lost; without an expiry the old entry stays for ever",
          checker: "cache-staleness",
          types: ["stale-entry"],
          isSeenIn: wasPrinted,
        },
      ],
      system: textbookStorefrontSystem,
    }),
    ...defects.map((defect) => defectForm(defect, storefrontSystem, checkers)),
  ],
  workload: cachedProductsWorkload(limits.callTimeoutMs),
  faults: [
    ...systemFaults({
      edges: [
        { from: "clients", to: nodes.product, speaks: "http" },
        { from: "clients", to: nodes.storefront, speaks: "http" },
        { from: nodes.product, to: nodes.productStore, speaks: "documents" },
        { from: nodes.product, to: nodes.bus, speaks: "bus" },
        { from: nodes.storefront, to: nodes.product, speaks: "http" },
        { from: nodes.storefront, to: nodes.bus, speaks: "bus" },
        { from: nodes.storefront, to: nodes.cache, speaks: "bus", weight: 3 },
      ],
      processes: [
        nodes.product,
        nodes.storefront,
        nodes.storefront,
        nodes.productStore,
        nodes.cache,
        nodes.bus,
      ],
      deliveries: storefrontDeliveries,
    }),
    ...cacheFaults(),
  ],
  faultsMax: 4,
  checkers,
  limits,
  inspect: inspectCachedProducts,
  real: ["hardened", "textbook", "defect:unversioned-cache-fill", "defect:no-invalidation"],
});

/** Did an invalidation of this product fail, so that it was printed? */
function wasPrinted({ key = "" }: Anomaly, events: readonly HistoryEvent[]): boolean {
  return recordsOf(events, "invalidation-failed", "live", key).length > 0;
}

/** What is slow between the look at the store and the fill of the cache, and a cache that is away for a while. */
function cacheFaults(): readonly FaultChoice[] {
  const slow = (from: string, to: string, max: number) =>
    faultChoice(
      linkLatency,
      fc.record({ from: fc.constant(from), to: fc.constant(to), addMs: fc.integer({ min: 20, max }) }),
    );
  const answers = slow(nodes.product, nodes.storefront, 350);
  const fills = slow(nodes.storefront, nodes.cache, 200);
  const away = faultChoice(processCrash, fc.record({ process: fc.constant(nodes.cache) }));
  return [...Array.from({ length: 9 }, () => answers), fills, away, away];
}
