import type { ConsumerConfig, IHeaders, KafkaMessage, RetryOptions } from "kafkajs";
import type { EventAdmin, EventConsumer, EventProducer } from "../../../harness/run/store-clients.ts";
import type { KafkaLane, LaneClient } from "./kafka-lane.ts";
import type { KafkaProgram, MemberOptions, ProgramStep } from "./kafka-program.ts";

/** The client settings of both lanes: nothing is tried for long. */
export const laneRetry: RetryOptions = { initialRetryTime: 50, maxRetryTime: 300, retries: 3 };

interface Member {
  readonly client: LaneClient;
  readonly consumer: EventConsumer;
  readonly options: MemberOptions;
}

interface Delivery {
  readonly partition: number;
  readonly offset: number;
  readonly text: string;
}

/** Long, so that a busy machine does not throw a member out. */
const SESSION_TIMEOUT_MS = 10_000;

/** What a program gave: the result of each step, and how many messages each `drain` got. */
export interface ProgramResult {
  readonly steps: readonly string[];
  readonly drained: readonly number[];
}

/**
 * Runs a program and answers what each step gave, as text: equal texts are what the lanes must agree on.
 * `expected` is what the other lane's drains got: this one waits for as many messages, and then for more.
 */
export async function runProgram(
  lane: KafkaLane,
  program: KafkaProgram,
  expected: readonly number[] = [],
): Promise<ProgramResult> {
  const run = new ProgramRun(lane, expected);
  try {
    await run.open();
    const results: string[] = [];
    for (const step of program.steps) {
      const result = await run.step(step).catch((error: unknown) => describeError(error));
      results.push(`${step.kind}: ${result}`);
    }
    return { steps: results, drained: run.drained };
  } finally {
    await run.close();
  }
}

class ProgramRun {
  readonly drained: number[] = [];
  readonly #lane: KafkaLane;
  readonly #expected: readonly number[];
  readonly #main: LaneClient;
  readonly #producers = new Map<string, EventProducer>();
  readonly #admin: EventAdmin;
  readonly #members = new Map<number, Member>();
  #memberCount = 0;
  #deliveries: Delivery[] = [];
  /** Several members take turns: what is delivered in between is compared as a set. */
  #mixed = false;
  readonly #thrown = new Set<string>();

  constructor(lane: KafkaLane, expected: readonly number[]) {
    this.#lane = lane;
    this.#expected = expected;
    this.#main = lane.client("main");
    this.#admin = this.#main.kafka.admin();
  }

  async open(): Promise<void> {
    await this.#do(() => this.#admin.connect());
    for (const kind of ["plain", "idempotent"]) {
      const producer = this.#main.kafka.producer({ retry: laneRetry, idempotent: kind === "idempotent" });
      await this.#do(() => producer.connect());
      this.#producers.set(kind, producer);
    }
  }

  async close(): Promise<void> {
    for (const { client, consumer } of this.#members.values()) {
      await this.#lane.finish(client, () => consumer.disconnect());
    }
    for (const producer of this.#producers.values()) await this.#do(() => producer.disconnect());
    await this.#do(() => this.#admin.disconnect());
  }

  async step(step: ProgramStep): Promise<string> {
    switch (step.kind) {
      case "create":
        return String(await this.#create(this.#topic(step.topic), step.partitions));
      case "send":
        return await this.#send(step);
      case "offsets":
        return JSON.stringify(byPartition(await this.#offsetsOf(step.topic)));
      case "committed":
        return JSON.stringify(await this.#committed());
      case "join":
        return await this.#join(step.member, step.options);
      case "leave":
        return await this.#leave(step.member);
      case "crash":
        return await this.#crash(step.member);
      case "drain":
        return await this.#drain();
      case "seek":
        return this.#seek(step.member, step.partition, step.offset);
      case "commit":
        return await this.#commit(step);
      case "trim":
        return String(await this.#lane.trim(this.#topic(0), step.partition, step.beforeOffset));
    }
  }

  #topic(index: number): string {
    return `${this.#lane.prefix}-${index}`;
  }

  get #groupId(): string {
    return `${this.#lane.prefix}-group`;
  }

  #do<Value>(work: () => Promise<Value>): Promise<Value> {
    return this.#lane.finish(this.#main, work);
  }

  /** Kafka answers before every part of the broker knows of the topic; the program goes on when they do. */
  async #create(topic: string, numPartitions: number): Promise<boolean> {
    const request = { topics: [{ topic, numPartitions }], waitForLeaders: false };
    const created = await this.#do(() => this.#admin.createTopics(request));
    while (!(await this.#isThere(topic))) await this.#lane.pass(100);
    return created;
  }

  async #isThere(topic: string): Promise<boolean> {
    const topics = await this.#do(() => this.#admin.listTopics());
    if (!topics.includes(topic)) return false;
    return await this.#do(() => this.#admin.fetchTopicOffsets(topic)).then(
      () => true,
      () => false,
    );
  }

  async #send(step: ProgramStep & { kind: "send" }): Promise<string> {
    const producer = this.#producers.get(step.producer);
    if (producer === undefined) throw new Error("no producer");
    const { acks } = step;
    const messages = step.messages.map((message) => ({ ...message, headers: { ...message.headers } }));
    const sent = await this.#do(() => producer.send({ topic: this.#topic(step.topic), acks, messages }));
    const shown = sent.map(({ partition, errorCode, baseOffset, logAppendTime, logStartOffset }) => {
      return { partition, errorCode, baseOffset, logAppendTime, logStartOffset };
    });
    return JSON.stringify(byPartition(shown));
  }

  #offsetsOf(topic: number): ReturnType<EventAdmin["fetchTopicOffsets"]> {
    return this.#do(() => this.#admin.fetchTopicOffsets(this.#topic(topic)));
  }

  async #committed(): Promise<{ partition: number; offset: string; metadata: string | null }[]> {
    const request = { groupId: this.#groupId, topics: [this.#topic(0)] };
    const [topic] = await this.#do(() => this.#admin.fetchOffsets(request));
    return byPartition(topic?.partitions ?? []);
  }

  async #join(index: number, options: MemberOptions): Promise<string> {
    if (this.#members.has(index)) return "is there";
    if (this.#members.size > 0) this.#mixed = true;
    const client = this.#lane.client(`member${index}-${this.#memberCount++}`);
    const config: ConsumerConfig = {
      groupId: this.#groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: 200,
      rebalanceTimeout: SESSION_TIMEOUT_MS,
      maxWaitTimeInMs: 50,
      retry: { ...laneRetry, restartOnFailure: async () => false },
    };
    const consumer = client.kafka.consumer(config);
    const { fromBeginning, autoCommit } = options;
    await this.#lane.finish(client, async () => {
      await consumer.connect();
      await consumer.subscribe({ topic: this.#topic(0), fromBeginning });
      await consumer.run({
        autoCommit,
        ...(options.by === "message"
          ? {
              eachMessage: async ({ partition, message }) =>
                this.#deliver(index, options, partition, message),
            }
          : {
              eachBatch: async ({ batch, resolveOffset }) => {
                for (const message of batch.messages) {
                  this.#deliver(index, options, batch.partition, message);
                  resolveOffset(message.offset);
                }
              },
            }),
      });
    });
    this.#members.set(index, { client, consumer, options });
    // Where it begins without a committed offset is decided when it fetches first.
    if (!fromBeginning) await this.#lane.pass(400);
    return "joined";
  }

  #deliver(index: number, { throwsAt }: MemberOptions, partition: number, message: KafkaMessage): void {
    const { offset, key, value, headers = {} } = message;
    this.#deliveries.push({
      partition,
      offset: Number(offset),
      text: `${offset} ${bytes(key)}=${bytes(value)}${headerText(headers)}`,
    });
    const place = `${index} ${partition}`;
    if (Number(offset) !== throwsAt || this.#thrown.has(place)) return;
    this.#thrown.add(place);
    throw new Error("the handler does not like this message");
  }

  async #leave(index: number): Promise<string> {
    const member = this.#members.get(index);
    if (member === undefined) return "is not there";
    this.#members.delete(index);
    if (this.#members.size > 0) this.#mixed = true;
    await this.#lane.finish(member.client, () => member.consumer.disconnect());
    return "left";
  }

  async #crash(index: number): Promise<string> {
    const member = this.#members.get(index);
    if (member === undefined) return "is not there";
    this.#members.delete(index);
    if (this.#members.size > 0) this.#mixed = true;
    member.client.crash();
    // Until the group has noticed.
    await this.#lane.pass(SESSION_TIMEOUT_MS + 1000);
    return "crashed";
  }

  #seek(index: number, partition: number, offset: number): string {
    const member = this.#members.get(index);
    if (member === undefined) return "is not there";
    member.consumer.seek({ topic: this.#topic(0), partition, offset: String(offset) });
    return "sought";
  }

  async #commit({
    member: index,
    topic,
    partition,
    offset,
  }: ProgramStep & { kind: "commit" }): Promise<string> {
    const member = this.#members.get(index);
    if (member === undefined) return "is not there";
    const offsets = [
      { topic: this.#topic(topic), partition, offset: String(offset), metadata: `m${offset}` },
    ];
    await this.#lane.finish(member.client, () => member.consumer.commitOffsets(offsets));
    return "committed";
  }

  /** Until nothing has been delivered or committed for longer than any of the lanes' timers. */
  async #drain(): Promise<string> {
    if (this.#members.size === 0) return "nobody is there";
    const expected = this.#expected[this.drained.length] ?? 0;
    for (let waited = 0; this.#deliveries.length < expected && waited < 30_000; waited += 50) {
      await this.#lane.pass(50);
    }
    let quiet = 0;
    let before = "";
    while (quiet < 2) {
      await this.#lane.pass(600);
      const now = `${this.#deliveries.length} ${JSON.stringify(await this.#committed())}`;
      quiet = now === before ? quiet + 1 : 0;
      before = now;
    }
    const mixed = this.#mixed;
    this.#mixed = this.#members.size > 1;
    const partitions = new Map<number, string[]>();
    for (const { partition, text } of this.#deliveries) {
      const texts = partitions.get(partition) ?? [];
      if (!mixed || !texts.includes(text)) texts.push(text);
      partitions.set(partition, texts);
    }
    this.drained.push(this.#deliveries.length);
    this.#deliveries = [];
    const shown = [...partitions].sort(([a], [b]) => a - b);
    if (mixed)
      for (const [, texts] of shown) texts.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    return `${mixed ? "set " : ""}${JSON.stringify(shown)} ${JSON.stringify(await this.#committed())}`;
  }
}

function byPartition<Item extends { readonly partition: number }>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => a.partition - b.partition);
}

function bytes(data: Buffer | null): string {
  return data === null ? "null" : data.toString();
}

function headerText(headers: IHeaders): string {
  const entries = Object.entries(headers);
  return entries.length === 0
    ? ""
    : ` ${entries.map(([name, value]) => `${name}:${String(value)}`).join(",")}`;
}

/** An error as a service can tell it from others. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const { name, message, cause } = error;
  const { type, code, retriable, errors } = error as Error & {
    type?: string;
    code?: number;
    retriable?: boolean;
    errors?: readonly Error[];
  };
  const own = `${name} ${type ?? "-"} ${code ?? "-"} ${retriable ?? "-"} ${message}`;
  const parts = [own, ...(errors ?? []).map(describeError)];
  if (cause instanceof Error && cause !== error) parts.push(`because of ${describeError(cause)}`);
  return parts.join("; ");
}
