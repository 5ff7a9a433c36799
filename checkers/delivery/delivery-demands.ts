import type { History } from "../history/history.ts";
import type { DeliveryRecords } from "./delivery-records.ts";

/** Consumers by name, each with the kinds of messages that it must handle. */
export type DemandedConsumers = readonly string[] | Readonly<Record<string, readonly string[] | "all">>;

/** A consumer that must handle messages. */
export interface DemandedConsumer {
  /** Number as in `consumer` of the records; one that is never seen there where it has none. */
  readonly consumer: number;
  readonly name: string;
  /** Must it handle messages of the kind with this number? Those of no kind have −1. */
  needs(messageKind: number): boolean;
}

/** Who must handle what: as given, else every consumer that is seen must handle everything. */
export function demandedConsumers(
  history: History,
  records: DeliveryRecords,
  given: DemandedConsumers | undefined,
): readonly DemandedConsumer[] {
  if (given === undefined) {
    return records.consumers.map((consumer) => ({
      consumer,
      name: consumerName(history, consumer),
      needs: () => true,
    }));
  }
  const entries: readonly (readonly [string, readonly string[] | "all"])[] = isList(given)
    ? given.map((name) => [name, "all"] as const)
    : Object.entries(given);
  const numbers = new Map(history.nodes.map((name, node) => [name, node + 1]));
  return entries.map(([name, kinds], at) => {
    const consumer = numbers.get(name) ?? history.nodes.length + 1 + at;
    if (kinds === "all") return { consumer, name, needs: () => true };
    const wanted = new Set(kinds);
    const isNeeded = records.messageKinds.values.map((kind) => wanted.has(kind));
    return { consumer, name, needs: (messageKind) => isNeeded[messageKind] === true };
  });
}

/** The name of a consumer of the records. */
export function consumerName(history: History, consumer: number): string {
  return history.nodes[consumer - 1] ?? "some consumer";
}

function isList(given: DemandedConsumers): given is readonly string[] {
  return Array.isArray(given);
}
