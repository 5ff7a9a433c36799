import type { HistoryEvent, Json } from "../../checkers/history/operation.ts";
import type { ChoiceTape } from "./choice-tape.ts";
import { RecordLog } from "./record-log.ts";

/** What a {@link simulateDeliveries} run is like. */
export interface DeliverySimulation {
  readonly streams: number;
  /** One step in so many is wrong: lost, invented, repeated, out of order; 0: never. */
  readonly bugEvery: number;
}

/** An outbox, a bus that repeats, and two consumers that know what they did: live records and final ones. */
export function simulateDeliveries(
  tape: ChoiceTape,
  { streams, bugEvery }: DeliverySimulation,
): HistoryEvent[] {
  const log = new RecordLog();
  const finals: Parameters<RecordLog["add"]>[] = [];
  const bug = (): boolean => bugEvery > 0 && tape.once(bugEvery);
  const add = (f: string, key: string, node: string, value: Json): void => {
    log.add(f, key, node, value, false);
    finals.push([f, key, node, value, true]);
  };
  const consumers = ["payment", "mail"];
  const queues = Array.from({ length: streams }, (_, at) => ({
    key: `stream/${at}`,
    committed: 0,
    relayed: 0,
    bus: [] as string[],
    read: [0, 0],
    known: [new Set<string>(), new Set<string>()],
  }));
  const commit = (queue: (typeof queues)[0]): void => {
    const sequence = ++queue.committed;
    if (!bug()) add("committed", queue.key, "order", { message: `m${sequence}`, sequence });
  };
  const relay = (queue: (typeof queues)[0]): void => {
    if (queue.relayed === queue.committed) return;
    const message = `m${queue.relayed + (bug() ? 2 : 1)}`;
    queue.bus.push(message);
    add("published", queue.key, "kafka", { message });
    // A crash before the relay has noted that it published: it does so again.
    if (tape.below(4) > 0 || bug()) queue.relayed++;
  };
  const consume = (queue: (typeof queues)[0], which: number): void => {
    const message = queue.bus[queue.read[which]!];
    if (message === undefined) return;
    queue.read[which]!++;
    if (queue.known[which]!.has(message) && !bug()) return;
    queue.known[which]!.add(message);
    if (bug()) return;
    const isPoison = message.endsWith("3");
    add(isPoison ? "parked" : "handled", queue.key, consumers[which]!, { message });
  };
  const step = (queue: (typeof queues)[0]): void => {
    const what = tape.below(5);
    if (what === 0) commit(queue);
    else if (what === 1) relay(queue);
    else if (what < 4) consume(queue, what - 2);
    else {
      const which = tape.below(2);
      queue.read[which] = Math.max(0, queue.read[which]! - 1 - tape.below(3));
    }
  };
  for (const queue of queues) commit(queue);
  while (!tape.isUsedUp) step(tape.pick(queues));
  for (const queue of queues) {
    while (queue.relayed < queue.committed) {
      relay(queue);
      queue.relayed = Math.max(queue.relayed, Number(queue.bus.at(-1)!.slice(1)));
    }
    for (const which of [0, 1]) {
      queue.read[which] = 0;
      while (queue.read[which]! < queue.bus.length) consume(queue, which);
    }
  }
  for (const final of finals) log.add(...final);
  return log.events;
}
