import * as v from "valibot";
import type { RedisStreamClient } from "../redis-client.ts";
import type { ServiceClock } from "../service-needs.ts";
import type { HandleMessage } from "./event-bus.ts";
import { withinTime } from "./time-limit.ts";

/** One member's reading of the streams of a group. */
export interface RedisGroupReading {
  readonly client: RedisStreamClient;
  readonly clock: ServiceClock;
  readonly group: string;
  readonly member: string;
  readonly topics: readonly string[];
  readonly handle: HandleMessage;
  readonly isStopped: () => boolean;
}

const entriesAtOnce = 20;
/**
 * How long one read waits for new entries: well below the time after which a client takes a silent server for gone (its
 * `socketTimeout`, 500 ms here), or each read of a quiet stream would cost the connection.
 */
const blockMs = 250;
const commandMsMax = 1000;
/** An entry that a member has had for so long without acknowledging it: the member is gone. */
const claimIdleMs = 30_000;
const claimEveryMs = 10_000;

const entrySchema = v.object({
  id: v.string(),
  message: v.record(v.string(), v.string()),
});
const replySchema = v.nullable(v.array(v.object({ name: v.string(), messages: v.array(entrySchema) })));
const claimSchema = v.object({ messages: v.array(v.nullable(entrySchema)) });

type Entry = v.InferOutput<typeof entrySchema>;

/**
 * Reads until it is stopped, or rejects with the first failure; then everything not acknowledged is read
 * again by the next reading: first what this member was given before, then new entries. An entry is
 * acknowledged (XACK) after it was handled.
 */
export async function readRedisGroup(reading: RedisGroupReading): Promise<void> {
  for (const topic of reading.topics) await createGroup(reading, topic);
  await claimAbandoned(reading);
  let claimedAtNs = reading.clock.monotonicNs();
  // "0": what this member was given and did not acknowledge; ">": what nobody was given.
  while ((await readOnce(reading, "0")) > 0 && !reading.isStopped());
  while (!reading.isStopped()) {
    await readOnce(reading, ">");
    if (reading.clock.monotonicNs() - claimedAtNs < claimEveryMs * 1e6) continue;
    claimedAtNs = reading.clock.monotonicNs();
    await claimAbandoned(reading);
  }
}

/** From the first entry on; that the group is there already is no error. */
async function createGroup({ client, clock, group }: RedisGroupReading, topic: string): Promise<void> {
  try {
    const created = client.xGroupCreate(topic, group, "0", { MKSTREAM: true });
    await withinTime(clock, commandMsMax, "XGROUP CREATE", created);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
  }
}

/** Reads and handles some entries of every stream, and tells how many. */
async function readOnce(reading: RedisGroupReading, from: "0" | ">"): Promise<number> {
  const { client, clock, group, member, topics } = reading;
  const options = from === ">" ? { COUNT: entriesAtOnce, BLOCK: blockMs } : { COUNT: entriesAtOnce };
  const streams = topics.map((key) => ({ key, id: from }));
  const read = client.xReadGroup(group, member, streams, options);
  const reply = v.parse(replySchema, await withinTime(clock, blockMs + commandMsMax, "XREADGROUP", read));
  let entries = 0;
  for (const { name, messages } of reply ?? []) {
    for (const entry of messages) await handleEntry(reading, name, entry);
    entries += messages.length;
  }
  return entries;
}

async function handleEntry(reading: RedisGroupReading, topic: string, entry: Entry): Promise<void> {
  if (reading.isStopped()) return;
  const { client, clock, group, handle } = reading;
  const { key = "", value = "" } = entry.message;
  await handle({ topic, place: entry.id, key, value, keep: async () => {} });
  await withinTime(clock, commandMsMax, "XACK", client.xAck(topic, group, entry.id));
}

/** Takes over, oldest first, what a member that is gone was given and did not acknowledge. */
async function claimAbandoned(reading: RedisGroupReading): Promise<void> {
  const { client, clock, group, member, topics } = reading;
  for (const topic of topics) {
    const claimed = client.xAutoClaim(topic, group, member, claimIdleMs, "0-0", { COUNT: entriesAtOnce });
    const reply = v.parse(claimSchema, await withinTime(clock, commandMsMax, "XAUTOCLAIM", claimed));
    for (const entry of reply.messages) if (entry !== null) await handleEntry(reading, topic, entry);
  }
}
