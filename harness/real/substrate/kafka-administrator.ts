import type { Admin } from "kafkajs";
import type { RealKafka } from "../../faults/real-fault-port.ts";
import type { KafkaStore } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { waitUntil } from "../processes/wait-until.ts";

const GROUP_EMPTY_MS = 10_000;
const TOPICS_GONE_MS = 10_000;
const USABLE_MS = 15_000;

/** A Kafka broker past the proxies: topics and groups of a run, and what faults do to them. */
export interface KafkaAdministrator extends RealKafka {
  /** Takes every topic and group away, and makes these topics. */
  reset(topics: KafkaStore["topics"]): Promise<void>;
}

/** `address` is `host:port`. */
export function kafkaAdministrator(address: string, clock: Clock): KafkaAdministrator {
  return {
    reset: (topics) => withAdmin(address, (admin) => reset(admin, topics, clock)),
    rewind: (group, topic, count) =>
      withAdmin(address, (admin) => rewind(admin, { group, topic, count, clock })),
  };
}

async function withAdmin<Result>(address: string, work: (admin: Admin) => Promise<Result>): Promise<Result> {
  const { default: kafkajs } = await import("kafkajs");
  const kafka = new kafkajs.Kafka({
    clientId: "administrator",
    brokers: [address],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { initialRetryTime: 50, retries: 10 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

async function reset(admin: Admin, topics: KafkaStore["topics"], clock: Clock): Promise<void> {
  const { groups } = await admin.listGroups();
  const ids = groups.map(({ groupId }) => groupId);
  if (ids.length > 0) {
    await waitUntil(() => allEmpty(admin, ids), { clock, timeoutMs: GROUP_EMPTY_MS, what: "empty groups" });
    await admin.deleteGroups(ids);
  }
  const old = await ownTopics(admin);
  if (old.length > 0) {
    await admin.deleteTopics({ topics: old });
    const gone = async () => (await ownTopics(admin)).length === 0;
    await waitUntil(gone, { clock, timeoutMs: TOPICS_GONE_MS, what: "old topics to be gone" });
  }
  await admin.createTopics({
    topics: topics.map(({ name, partitions }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: 1,
    })),
    // kafkajs gives up at a topic that is not known yet; what follows waits for that, too.
    waitForLeaders: false,
  });
  const names = topics.map(({ name }) => name);
  await waitUntil(() => isUsable(admin, names), { clock, timeoutMs: USABLE_MS, what: "new topics" });
}

/** A new topic is unknown for a moment, and the first group finds no coordinator: clients would stumble. */
async function isUsable(admin: Admin, topics: readonly string[]): Promise<boolean> {
  try {
    for (const topic of topics) await admin.fetchTopicOffsets(topic);
    await admin.fetchOffsets({ groupId: "administrator", topics: [...topics] });
    return true;
  } catch {
    return false;
  }
}

async function ownTopics(admin: Admin): Promise<string[]> {
  return (await admin.listTopics()).filter((name) => !name.startsWith("__"));
}

async function allEmpty(admin: Admin, ids: readonly string[]): Promise<boolean> {
  const { groups } = await admin.describeGroups([...ids]);
  return groups.every(({ state }) => state === "Empty" || state === "Dead");
}

async function rewind(
  admin: Admin,
  { group, topic, count, clock }: { group: string; topic: string; count: number; clock: Clock },
): Promise<number> {
  await waitUntil(() => allEmpty(admin, [group]), {
    clock,
    timeoutMs: GROUP_EMPTY_MS,
    what: `the group "${group}" to be empty`,
  });
  const committed = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  let again = 0;
  const partitions = committed
    .flatMap((entry) => entry.partitions)
    .filter(({ offset }) => Number(offset) > 0)
    .map(({ partition, offset }) => {
      const earlier = Math.max(0, Number(offset) - count);
      again += Number(offset) - earlier;
      return { partition, offset: String(earlier) };
    });
  if (partitions.length > 0) await admin.setOffsets({ groupId: group, topic, partitions });
  return again;
}
