import { AnomalyList } from "../anomaly-list.ts";
import type { Checker, CheckResult } from "../checker.ts";
import type { History } from "../history/history.ts";
import type { Measure } from "../measure.ts";
import { resultOf } from "../result.ts";
import { type BudgetWatch, withinBudget } from "../within-budget.ts";
import { ConsumerCheck } from "./consumer-check.ts";
import { type DemandedConsumers, demandedConsumers } from "./delivery-demands.ts";
import {
  COMMITTED,
  collectDeliveries,
  type DeliveryFunctions,
  type DeliveryKind,
  type DeliveryRecords,
  HANDLED,
  IGNORED,
  PUBLISHED,
} from "./delivery-records.ts";
import type { DeliveryRules, DeliveryTask } from "./delivery-task.ts";
import { checkPublications } from "./publication-check.ts";
import { StreamTable } from "./stream-table.ts";

/** How {@link delivery} reads a history, and what it demands. */
export interface DeliveryOptions {
  /** Names of the kinds of records; each is called like its field here unless given. */
  readonly functions?: DeliveryFunctions;
  /**
   * Who must handle every message: names, or names with the kinds of messages that each must handle (`kind` of
   * the records `committed`) or `"all"`. Unless given: every consumer that is seen, all messages. `[]`: nobody.
   */
  readonly consumers?: DemandedConsumers;
  /** `none` where publications and effects may come in any order; `per-key` unless given. */
  readonly order?: "per-key" | "none";
  /** False where nothing is known of the bus: then effects are compared with what was committed only. */
  readonly publications?: boolean;
  /** Is a message that is on the bus twice an anomaly? False unless given: it is counted. */
  readonly exactlyOncePublish?: boolean;
  /** Kinds whose final records are complete even if there is none. */
  readonly inspected?: readonly DeliveryKind[];
  /** Anomalies reported per type; 10 unless given. */
  readonly maxAnomalies?: number;
}

/**
 * Claim: what was committed is published, and nothing else; first publications and effects are in the order
 * of the commits, per stream; every committed message has its effect exactly once at every consumer that
 * needs it, or is set aside there, and does not hold up those behind it.
 *
 * Reads the records `committed` `{message, sequence, kind?, poison?}`, `published` `{message}`, `handled`
 * `{message, at?}` and `parked` `{message}`; a message is known by its stream (the key) and its id. Where a
 * kind has final records these alone are the truth. The order of publications is that of their lines; that
 * of a consumer's effects is by `at` where all of them in a stream have it (equal: no order), else by line.
 *
 * Decides exactly, per stream: each anomaly of `docs/history-format.md` is one condition on its records.
 * What is missing is judged only in kinds with final records, so that a live record that a crash swallowed is
 * never blamed; without final records the verdict is never valid. Who shows what was handled at the end also
 * shows what was set aside.
 *
 * Cannot see: order across streams, messages that hold up other streams of their partition (these are
 * unhandled there), effects that nobody records, entries that the bus has already thrown away.
 *
 * Linear in records, and in messages times consumers; n log n where effects are not recorded by rising `at`.
 * Patterns: Richardson, "Microservices Patterns", 2018: transactional outbox, idempotent consumer; Hohpe and
 * Woolf, "Enterprise Integration Patterns", 2003: dead letter channel.
 *
 * @throws RangeError where `maxAnomalies` is not a whole number of at least 1.
 */
export function delivery(options: DeliveryOptions = {}): Checker {
  // Bad options are refused here, not in the midst of a run.
  new AnomalyList(options.maxAnomalies);
  return {
    name: "delivery",
    claim:
      "published is what was committed, in that order per key, and each message has its effect exactly once " +
      "at every consumer",
    blindSpots: [
      "order across keys, and messages that hold up other keys of their partition",
      "effects that consumers do not record and the inspection of the stores does not show",
    ],
    check: (history, budget) => withinBudget(history, budget, (watch) => check(history, options, watch)),
  };
}

function check(history: History, options: DeliveryOptions, watch: BudgetWatch): CheckResult {
  const anomalies = new AnomalyList(options.maxAnomalies);
  watch.keep(anomalies);
  watch.begin(0, 0.4, history.length);
  const records = collectDeliveries(history, options.functions ?? {}, options.inspected ?? []);
  const rules: DeliveryRules = {
    isOrdered: (options.order ?? "per-key") === "per-key",
    hasPublications: options.publications ?? true,
    exactlyOncePublish: options.exactlyOncePublish ?? false,
  };
  const demanded = demandedConsumers(history, records, options.consumers);
  watch.begin(0.4, 1, records.what.length);
  const table = new StreamTable(records, history.nodes.length + 1 + demanded.length);
  const { repetitions, unordered } = checkStreams(
    { history, records, table, demanded, rules, anomalies },
    watch,
  );
  let operations = 0;
  for (const what of records.what) if (what !== IGNORED) operations++;
  const hasConsumers = demanded.length > 0 || records.consumers.length > 0 || options.consumers === undefined;
  return resultOf({
    operations,
    reasons: reasonsOf(history, records, rules, hasConsumers, unordered),
    ...(operations === 0 ? {} : { measures: [repeatedPublications(repetitions)] }),
    ...anomalies.report(history),
  });
}

function repeatedPublications(value: number): Measure {
  return { name: "repeated publications", unit: "count", value, worse: "high" };
}

function checkStreams(
  task: DeliveryTask,
  watch: BudgetWatch,
): { readonly repetitions: number; readonly unordered: number } {
  const { history, records, table, demanded, rules, anomalies } = task;
  const consumers = new ConsumerCheck(task);
  const demandOf = new Map(demanded.map((demand) => [demand.consumer, demand]));
  let repetitions = 0;
  let unordered = 0;
  for (let position = 0; position < records.keys.length; position++) {
    const subject = { history, records, key: records.keys[position]!, anomalies };
    const [from, to] = [records.starts[position]!, records.starts[position + 1]!];
    watch.at(from);
    table.fill(from, to);
    if (rules.isOrdered) {
      for (const commit of table.commits) if (Number.isNaN(records.order[commit]!)) unordered++;
    }
    if (rules.hasPublications) repetitions += checkPublications(task, subject, from, to);
    for (const consumer of table.consumers) consumers.consumer(subject, consumer, demandOf.get(consumer));
    for (const demand of demanded) {
      if (!table.hasConsumer(demand.consumer)) consumers.demanded(subject, demand);
    }
    table.clear();
  }
  return { repetitions, unordered };
}

function reasonsOf(
  history: History,
  records: DeliveryRecords,
  rules: DeliveryRules,
  hasConsumers: boolean,
  unordered: number,
): string[] {
  const reasons = records.unreadable.reasons(history);
  if (records.keys.length === 0) return reasons;
  const { isComplete } = records;
  if (isComplete[COMMITTED] !== true) reasons.push("no final record tells what was committed");
  if (rules.hasPublications && isComplete[PUBLISHED] !== true) {
    reasons.push("no final record tells what was published");
  }
  if (hasConsumers && isComplete[HANDLED] !== true)
    reasons.push("no final record tells what consumers handled");
  if (unordered > 0) {
    const count = unordered === 1 ? "1 committed message has" : `${unordered} committed messages have`;
    reasons.push(`${count} no \`sequence\`, so its place in the order is not known`);
  }
  return reasons;
}
