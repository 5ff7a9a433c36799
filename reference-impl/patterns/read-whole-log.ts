import type { LogBroker } from "../log-broker.ts";
import type { ServiceClock } from "../service-needs.ts";
import type { EventBus } from "./event-bus.ts";
import { decodeMessage, type EventMessage } from "./event-message.ts";
import { withinTime } from "./time-limit.ts";

/** What is read, and through what. */
export interface WholeLog {
  readonly broker: LogBroker;
  readonly bus: EventBus;
  readonly clock: ServiceClock;
  readonly topic: string;
  /** A group that nobody used before: it begins with the oldest message. */
  readonly group: string;
}

const readMsMax = 10_000;
const askMsMax = 3000;

/**
 * Hands over every message that a topic holds when it is called, in the order of each partition, and perhaps some
 * that come after. What is no message is passed over. Rejects where that takes too long; a message whose handler
 * rejects is handed over again.
 */
export async function readWholeLog(
  log: WholeLog,
  handle: (message: EventMessage) => Promise<void>,
): Promise<void> {
  const { bus, clock, topic, group } = log;
  const missing = await topicEnds(log);
  if (missing.size === 0) return;
  let finished: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const subscription = bus.subscribe(group, [topic], async ({ place, value }) => {
    const message = readable(value);
    if (message !== null) await handle(message);
    const [partition = "", offset = ""] = place.split(":");
    if (Number(offset) + 1 >= (missing.get(partition) ?? 0)) missing.delete(partition);
    if (missing.size === 0) finished();
  });
  try {
    await withinTime(clock, readMsMax, "reading the whole log", ended);
  } finally {
    // Not awaited: it would wait for a broker that may be away.
    void subscription.stop();
  }
}

/** By partition the offset of its next message; empty ones are left out. */
async function topicEnds({ broker, clock, topic }: WholeLog): Promise<Map<string, number>> {
  const admin = broker.admin();
  const ask = async () => {
    await admin.connect();
    return await admin.fetchTopicOffsets(topic);
  };
  try {
    const offsets = await withinTime(clock, askMsMax, "asking for the end of the log", ask());
    const filled = offsets.filter(({ low, high }) => Number(high) > Number(low));
    return new Map(filled.map(({ partition, high }) => [String(partition), Number(high)]));
  } finally {
    void admin.disconnect().catch(() => {});
  }
}

function readable(value: string): EventMessage | null {
  try {
    return decodeMessage(value);
  } catch {
    return null;
  }
}
