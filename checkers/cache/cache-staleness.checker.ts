import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import { entityFields } from "../entity/versioned-entity.ts";
import type { History } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import type { CacheStalenessOptions } from "./cache-options.ts";
import { checkCachedReads } from "./cached-reads.ts";
import { checkEntries } from "./final-entries.ts";

/**
 * Claim: once all is quiet no entry of a cache is out of date; under load none is so for longer than allowed.
 *
 * Reads final records `stored` (source of truth) and `cached` (cache), key = entity, node = where, value
 * `{version, value}` with or without version. Null or no value: nothing is there; a cached `{"value": null}` is an
 * entry that says so. Under load: `read` → `{version}` whose node is a cache, and acknowledged writes with versions
 * (`create`, `update`, `write` → `{version}`).
 *
 * Decides exactly, for each cached entry: `ghost-entry` where the store has nothing, or an older version (then it never stored
 * that of the entry); `stale-entry` where the entry is of an older version, or says that nothing is there, or has no
 * version and another value; `wrong-entry` where the versions agree and the values do not. `stale-read` where a read was
 * sent more than `maxStalenessMs` after a newer version had been acknowledged. Several stored records of an
 * entity that differ, and reads of entities that are deleted, are undecided.
 *
 * Cannot see: entries that were dropped before the end, reads without version. n log n in the reads from caches,
 * else linear. Source: bounded staleness as in Bailis et al., "Probabilistically bounded staleness", 2012.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1 or `maxStalenessMs` is below 0.
 */
export function cacheStaleness(options: CacheStalenessOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  const { maxStalenessMs } = options;
  if (maxStalenessMs !== undefined && !(maxStalenessMs >= 0)) {
    throw new RangeError(`maxStalenessMs: expected a number of at least 0, found ${maxStalenessMs}`);
  }
  return {
    name: "cache-staleness",
    claim:
      "once all is quiet no entry of a cache is out of date; under load none is so for longer than allowed",
    blindSpots: [
      "entries that left the cache before the end",
      "reads from a cache that show no version",
      "entities that are deleted, while the system is under load",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: CacheStalenessOptions, watch: BudgetWatch): CheckResult {
  const fields = entityFields(options.fields);
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  const reasons: string[] = [];
  watch.begin(0, 0.5, history.length);
  const entries = checkEntries(history, options, anomalies, reasons);
  watch.begin(0.5, 1, history.length);
  const caches = new Set(options.caches ?? entries.caches);
  const reads = checkCachedReads({ history, options, fields, caches, anomalies, reasons });
  return resultOf({
    operations: entries.compared + reads.compared,
    reasons,
    ...(reads.longestMs === null ? {} : { measures: [longestStaleness(reads.longestMs)] }),
    ...anomalies.report(history),
  });
}

function longestStaleness(value: number): Measure {
  return { name: "longest staleness", unit: "ms", value, worse: "high" };
}
