import type { Admin } from "kafkajs";
import type { RealKafka } from "../../faults/real-fault-port.ts";
import type { KafkaStore } from "../../run/system.ts";
import type { Clock } from "../../time/clock.ts";
import { withKafkaAdmin } from "./kafka-admin.ts";
import {
  createTopics,
  groupIds,
  removeGroups,
  removeTopics,
  untilGroupsEmpty,
  untilUsable,
} from "./kafka-topics.ts";

const GROUP_EMPTY_MS = 10_000;

/** A Kafka broker past the proxies: topics and groups of a run, and what faults do to them. */
export interface KafkaAdministrator extends RealKafka {
  /** Takes every topic and group away, and makes these topics: for a broker that nobody else uses. */
  reset(topics: KafkaStore["topics"]): Promise<void>;
}

/** `brokers` are `host:port`. */
export function kafkaAdministrator(brokers: readonly string[], clock: Clock): KafkaAdministrator {
  return {
    reset: (topics) => withKafkaAdmin(brokers, (admin) => reset(admin, topics, clock)),
    rewind: (group, topic, count) =>
      withKafkaAdmin(brokers, (admin) => rewind(admin, { group, topic, count, clock })),
  };
}

async function reset(admin: Admin, topics: KafkaStore["topics"], clock: Clock): Promise<void> {
  await removeGroups(admin, await groupIds(admin, clock), GROUP_EMPTY_MS, clock);
  const old = (await admin.listTopics()).filter((name) => !name.startsWith("__"));
  await removeTopics(admin, old, clock);
  await createTopics(admin, topics);
  const names = topics.map(({ name }) => name);
  await untilUsable(admin, names, clock);
}

async function rewind(
  admin: Admin,
  { group, topic, count, clock }: { group: string; topic: string; count: number; clock: Clock },
): Promise<number> {
  await untilGroupsEmpty(admin, [group], GROUP_EMPTY_MS, clock);
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
