import type { Admin } from "kafkajs";
import type { KafkaStore } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { waitUntil } from "../processes/wait-until.ts";

const TOPICS_GONE_MS = 10_000;
const USABLE_MS = 15_000;

/** Makes topics, with one copy of everything. False where there is one of these names. Not yet {@link untilUsable}. */
export async function createTopics(admin: Admin, topics: KafkaStore["topics"]): Promise<boolean> {
  return await admin.createTopics({
    topics: topics.map(({ name, partitions }) => ({
      topic: name,
      numPartitions: partitions,
      replicationFactor: 1,
      // Clusters with several brokers often want two copies of each message.
      configEntries: [{ name: "min.insync.replicas", value: "1" }],
    })),
    // kafkajs gives up at a topic that is not known yet; `untilUsable` waits for that, too.
    waitForLeaders: false,
  });
}

/** A new topic is unknown for a moment, and the first group finds no coordinator: clients would stumble. Throws `not-ready`. */
export async function untilUsable(admin: Admin, topics: readonly string[], clock: Clock): Promise<void> {
  const isUsable = async (): Promise<boolean> => {
    try {
      for (const topic of topics) await admin.fetchTopicOffsets(topic);
      await admin.fetchOffsets({ groupId: "administrator", topics: [...topics] });
      return true;
    } catch {
      return false;
    }
  };
  await waitUntil(isUsable, { clock, timeoutMs: USABLE_MS, what: "new topics" });
}

/** Removes topics, and waits until no client is told of them any more. Throws `not-ready`. */
export async function removeTopics(admin: Admin, topics: readonly string[], clock: Clock): Promise<void> {
  if (topics.length === 0) return;
  await admin.deleteTopics({ topics: [...topics] });
  const gone = async () => (await admin.listTopics()).every((name) => !topics.includes(name));
  await waitUntil(gone, { clock, timeoutMs: TOPICS_GONE_MS, what: "old topics to be gone" });
}

/** The groups of a cluster. A broker that was started again is up before it has loaded them. Throws `not-ready`. */
export async function groupIds(admin: Admin, clock: Clock): Promise<readonly string[]> {
  let ids: readonly string[] = [];
  const listed = async (): Promise<boolean> => {
    try {
      ids = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
      return true;
    } catch (error) {
      if (error instanceof Error && "retriable" in error && error.retriable === true) return false;
      throw error;
    }
  };
  await waitUntil(listed, { clock, timeoutMs: USABLE_MS, what: "Kafka's groups" });
  return ids;
}

/** Removes those of the groups that are there, when their last member is gone. Throws `not-ready` when one stays for `timeoutMs`. */
export async function removeGroups(
  admin: Admin,
  groups: readonly string[],
  timeoutMs: number,
  clock: Clock,
): Promise<void> {
  if (groups.length === 0) return;
  await untilGroupsEmpty(admin, groups, timeoutMs, clock);
  // A group without members and offsets may go by itself.
  const there = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
  const left = groups.filter((group) => there.includes(group));
  if (left.length > 0) await admin.deleteGroups(left);
}

/** Waits until no group has a member: a killed one is a member until its session ends. Throws `not-ready`. */
export async function untilGroupsEmpty(
  admin: Admin,
  ids: readonly string[],
  timeoutMs: number,
  clock: Clock,
): Promise<void> {
  const allEmpty = async (): Promise<boolean> => {
    const { groups } = await admin.describeGroups([...ids]);
    return groups.every(({ state }) => state === "Empty" || state === "Dead");
  };
  await waitUntil(allEmpty, { clock, timeoutMs, what: `the groups ${ids.join(", ")} to be empty` });
}
