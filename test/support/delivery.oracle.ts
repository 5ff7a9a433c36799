import type { HistoryEvent, Json, RecordEvent } from "../../checkers/history/operation.ts";

/** What the oracle must be told; see `delivery`. */
export interface DeliveryOracleOptions {
  readonly consumers?: Readonly<Record<string, readonly string[] | "all">>;
  readonly order: "per-key" | "none";
  readonly publications: boolean;
  readonly exactlyOncePublish: boolean;
  readonly inspected: readonly string[];
}

const kinds = ["committed", "published", "handled", "parked"];

/**
 * Brute force from the table in `docs/history-format.md`, one condition after the other over all pairs of
 * records: the anomalies as `key message type`, sorted and without repetition.
 */
export function deliveryAnomalies(events: readonly HistoryEvent[], options: DeliveryOracleOptions): string[] {
  const records = events.filter((event) => event.type === "record" && kinds.includes(event.f));
  const all = records as RecordEvent[];
  const complete = (f: string): boolean =>
    options.inspected.includes(f) || all.some((record) => record.f === f && record.final === true);
  const truth = all.filter((record) => !complete(record.f) || record.final === true);
  const seen = all.filter(({ f }) => f === "handled" || f === "parked").map(({ node }) => node!);
  const demands: Readonly<Record<string, readonly string[] | "all">> =
    options.consumers ?? Object.fromEntries([...new Set(seen)].map((name) => [name, "all"]));
  const found = new Set<string>();
  for (const key of new Set(all.map((record) => record.key))) {
    const of = (f: string, node?: string): RecordEvent[] =>
      truth.filter((record) => record.key === key && record.f === f && (node ?? record.node) === record.node);
    const say = (type: string, message: Json, isSo: boolean): void => {
      if (isSo) found.add(`${key} ${message} ${type}`);
    };
    const commits = of("committed").filter(isFirst);
    const commitOf = (message: Json): RecordEvent | undefined =>
      commits.find((commit) => id(commit) === message);
    const sequenceOf = (message: Json): number => number(commitOf(message), "sequence");
    const isPublished = (message: Json): boolean => of("published").some((record) => id(record) === message);
    const publishedMatters = options.publications && complete("published");
    if (options.publications) {
      const log = of("published");
      for (const message of new Set([...commits, ...log].map(id))) {
        const count = log.filter((record) => id(record) === message).length;
        say("lost-message", message, complete("published") && count === 0);
        say("phantom-message", message, complete("committed") && commitOf(message) === undefined);
        say("duplicate-publication", message, options.exactlyOncePublish && count > 1);
      }
      const firsts = log.filter(isFirst);
      for (const [at, later] of firsts.entries()) {
        const isReordered = firsts
          .slice(0, at)
          .some((earlier) => sequenceOf(id(earlier)) > sequenceOf(id(later)));
        say("reordered-publication", id(later), options.order !== "none" && publishedMatters && isReordered);
      }
    }
    for (const node of new Set([...Object.keys(demands), ...seen])) {
      const effects = of("handled", node);
      const parked = of("parked", node);
      const isTimed = effects.every((effect) => !Number.isNaN(number(effect, "at")));
      const placeOf = (effect: RecordEvent): number =>
        isTimed ? number(effect, "at") : effects.indexOf(effect);
      const firstOf = (message: Json): number =>
        Math.min(...effects.filter((effect) => id(effect) === message).map(placeOf));
      const messages = [...new Set(effects.map(id))];
      for (const message of messages) {
        say("repeated-effect", message, effects.filter((effect) => id(effect) === message).length > 1);
        say(
          "phantom-effect",
          message,
          (complete("committed") && commitOf(message) === undefined) ||
            (publishedMatters && !isPublished(message)),
        );
        say(
          "reordered-effect",
          message,
          options.order !== "none" &&
            messages.some(
              (other) => firstOf(other) < firstOf(message) && sequenceOf(other) > sequenceOf(message),
            ),
        );
        say(
          "handled-although-parked",
          message,
          complete("handled") && complete("parked") && parked.some((record) => id(record) === message),
        );
      }
      const demand = demands[node];
      if (demand === undefined || !complete("handled")) continue;
      const isDone = (message: Json): boolean =>
        [...effects, ...parked].some((record) => id(record) === message);
      const isHandled = (message: Json): boolean => effects.some((record) => id(record) === message);
      const isPoison = (commit: RecordEvent): boolean =>
        parked.some((record) => id(record) === id(commit)) ||
        (field(commit, "poison") === true && !isHandled(id(commit)));
      for (const commit of commits) {
        const message = id(commit);
        if (isDone(message) || (publishedMatters && !isPublished(message))) continue;
        if (demand !== "all" && !demand.includes(field(commit, "kind") as string)) continue;
        const isBlocked = commits.some(
          (poison) =>
            isPoison(poison) &&
            sequenceOf(id(poison)) < sequenceOf(message) &&
            !commits.some((behind) => sequenceOf(id(behind)) > sequenceOf(id(poison)) && isDone(id(behind))),
        );
        say(isBlocked ? "blocked-by-poison" : "unhandled-message", message, true);
      }
    }
  }
  return [...found].sort();
}

function isFirst(record: RecordEvent, at: number, list: readonly RecordEvent[]): boolean {
  return list.findIndex((other) => id(other) === id(record)) === at;
}

function id(record: RecordEvent): Json {
  return field(record, "message");
}

function number(record: RecordEvent | undefined, name: string): number {
  const value = record === undefined ? null : field(record, name);
  return typeof value === "number" ? value : Number.NaN;
}

function field(record: RecordEvent, name: string): Json {
  return (record.value as Record<string, Json>)[name] ?? null;
}
