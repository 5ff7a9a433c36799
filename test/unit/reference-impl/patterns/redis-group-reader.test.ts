import { describe, expect, test } from "vitest";
import {
  type RedisGroupReading,
  readRedisGroup,
} from "../../../../reference-impl/patterns/redis-group-reader.ts";
import {
  redisNodes,
  type SimulatedRedis,
  withRedis,
} from "../../../support/reference-impl/simulated-redis.ts";

/** One member that reads until it is stopped or fails. */
interface Reader {
  /** What it handled, in order: `a1`. */
  readonly seen: string[];
  /** How its reading has ended; null: not yet. */
  readonly end: string | null;
  stop(): void;
}

interface Bench extends SimulatedRedis {
  publish(topic: string, ...values: readonly string[]): Promise<void>;
  read(
    member: string,
    handle?: (value: string) => Promise<void>,
    topics?: readonly string[],
  ): Promise<Reader>;
  sleep(ms: number): Promise<void>;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  return withRedis(async (simulated) => {
    const { clock } = simulated.context;
    const connect = async () => {
      const client = simulated.open();
      await client.connect();
      return client;
    };
    const publisher = await connect();
    const readers: Reader[] = [];
    await test({
      ...simulated,
      publish: async (topic, ...values) => {
        for (const value of values) await publisher.xAdd(topic, "*", { key: "k", value });
      },
      read: async (member, handle = async () => {}, topics = ["t"]) => {
        let stopped = false;
        const reader = {
          seen: [] as string[],
          end: null as string | null,
          stop: () => {
            stopped = true;
          },
        };
        const reading: RedisGroupReading = {
          client: await connect(),
          clock,
          group: "group",
          member,
          topics,
          handle: async ({ value }) => {
            reader.seen.push(value);
            await handle(value);
          },
          isStopped: () => stopped,
        };
        readRedisGroup(reading).then(
          () => {
            reader.end = "stopped";
          },
          (error: unknown) => {
            reader.end = String(error);
          },
        );
        readers.push(reader);
        return reader;
      },
      sleep: (ms) => clock.sleep(ms),
    });
    for (const reader of readers) reader.stop();
    await clock.sleep(1000);
  });
}

const never = () => new Promise<void>(() => {});
const failing = (bad: string) => async (value: string) => {
  if (value === bad) throw new Error(`cannot do ${bad}`);
};

describe("a member of a group", () => {
  test("is given what was there before the group, and what comes later, in order and once", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1", "a2");
      const reader = await read("m");
      await sleep(100);
      expect(reader.seen).toEqual(["a1", "a2"]);
      await publish("t", "a3");
      await sleep(3000);
      await publish("t", "a4");
      await sleep(100);
      expect(reader.seen).toEqual(["a1", "a2", "a3", "a4"]);
    }));

  test("is given many entries, and those of all its streams", () =>
    onBench(async ({ publish, read, sleep }) => {
      const values = (topic: string) => Array.from({ length: 45 }, (_, at) => `${topic}${at}`);
      await publish("t", ...values("t"));
      await publish("u", ...values("u"));
      const reader = await read("m", undefined, ["t", "u"]);
      await sleep(1000);
      expect(reader.seen.filter((value) => value.startsWith("t"))).toEqual(values("t"));
      expect(reader.seen.filter((value) => value.startsWith("u"))).toEqual(values("u"));
    }));

  test("that starts again does not get what it had acknowledged", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1", "a2");
      const first = await read("m");
      await sleep(100);
      first.stop();
      await sleep(1000);
      expect(first.end).toBe("stopped");
      await publish("t", "a3");
      const second = await read("m");
      await sleep(100);
      expect([first.seen, second.seen]).toEqual([["a1", "a2"], ["a3"]]);
    }));

  test("whose handler fails ends; its next reading begins with that entry, then those behind it", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1", "a2", "a3");
      const first = await read("m", failing("a2"));
      await sleep(100);
      expect([first.seen, first.end]).toEqual([["a1", "a2"], "Error: cannot do a2"]);
      await publish("t", "a4");
      const second = await read("m");
      await sleep(100);
      expect(second.seen).toEqual(["a2", "a3", "a4"]);
    }));

  test("is given an entry again whose acknowledgement did not arrive, and none whose answer was lost only", () =>
    onBench(async ({ publish, read, sleep, simulation }) => {
      await publish("t", "a1");
      let isCut = false;
      const heal = simulation.port.intercept(redisNodes.service, redisNodes.store, ({ label }) => {
        if (label !== "XACK" || isCut) return null;
        isCut = true;
        return "reset";
      });
      const first = await read("m");
      await sleep(100);
      expect(first.end).toContain("Error");
      heal();
      const second = await read("m");
      await sleep(100);
      expect(second.seen).toEqual(["a1"]);
      await publish("t", "a2");
      let lost = 0;
      const healAnswers = simulation.port.intercept(redisNodes.store, redisNodes.service, ({ label }) =>
        label === "XACK" && lost++ === 0 ? "reset" : null,
      );
      await sleep(1000);
      expect([second.seen, lost]).toEqual([["a1", "a2"], 1]);
      healAnswers();
      const third = await read("m");
      await sleep(100);
      expect(third.seen).toEqual([]);
    }));

  test("whose entries got lost on the way to it finds them in its next reading", () =>
    onBench(async ({ publish, read, sleep, simulation }) => {
      const first = await read("m");
      await sleep(100);
      let lost = 0;
      const heal = simulation.port.intercept(redisNodes.store, redisNodes.service, ({ label }) =>
        label === "XREADGROUP" && lost++ === 0 ? "reset" : null,
      );
      await publish("t", "a1");
      await sleep(1000);
      heal();
      expect([first.seen, lost]).toEqual([[], 1]);
      const second = await read("m");
      await sleep(100);
      expect(second.seen).toEqual(["a1"]);
    }));

  test("that is stopped handles nothing more of what it was given, and leaves it to the next reading", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1", "a2", "a3");
      const first: Reader = await read("m", async (value) => {
        if (value === "a2") first.stop();
      });
      await sleep(1000);
      expect([first.seen, first.end]).toEqual([["a1", "a2"], "stopped"]);
      const second = await read("m");
      await sleep(100);
      expect(second.seen).toEqual(["a3"]);
    }));

  test("gives up on a server that does not answer", () =>
    onBench(async ({ read, sleep, simulation }) => {
      const reader = await read("m");
      await sleep(100);
      simulation.port.intercept(redisNodes.store, redisNodes.service, () => "hold");
      await sleep(3000);
      expect(reader.end).toContain("Error");
    }));
});

describe("what a member of another name left behind", () => {
  test("is taken over at the start, before anything newer, once its member has been gone for 30 s", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1", "a2");
      const gone = await read("gone", never);
      await sleep(100);
      expect(gone.seen).toEqual(["a1"]);
      await publish("t", "a3");
      await sleep(31_000);
      const reader = await read("m");
      await sleep(100);
      expect(reader.seen).toEqual(["a1", "a2", "a3"]);
    }));

  test("is taken over while it reads, too, and not earlier", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1");
      await read("gone", never);
      await sleep(100);
      const reader = await read("m");
      await sleep(25_000);
      expect(reader.seen).toEqual([]);
      await sleep(20_000);
      expect(reader.seen).toEqual(["a1"]);
      await sleep(40_000);
      expect(reader.seen).toEqual(["a1"]);
    }));

  test("is acknowledged after that as anything else", () =>
    onBench(async ({ publish, read, sleep }) => {
      await publish("t", "a1");
      await read("gone", never);
      await sleep(31_000);
      const first = await read("m", failing("a1"));
      await sleep(100);
      expect(first.end).toContain("cannot do a1");
      const second = await read("m");
      await sleep(100);
      expect(second.seen).toEqual(["a1"]);
      second.stop();
      await sleep(40_000);
      const third = await read("another");
      await sleep(1000);
      expect(third.seen).toEqual([]);
    }));
});
