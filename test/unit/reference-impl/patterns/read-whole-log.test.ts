import { describe, expect, test } from "vitest";
import type { ServiceContext } from "../../../../harness/run/system.ts";
import { encodeMessage, eventMessage } from "../../../../reference-impl/patterns/event-message.ts";
import { KafkaEventBus } from "../../../../reference-impl/patterns/kafka-event-bus.ts";
import { readWholeLog } from "../../../../reference-impl/patterns/read-whole-log.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../simulated-system.ts";

interface Bench extends SimulatedSystem {
  /** Publishes messages of a stream, or texts that are none. */
  publish(stream: string, ...what: readonly (number | string)[]): Promise<void>;
  /** The ids of all messages in the log; `before` may fail, and is called for each. */
  read(before?: (id: string) => void): Promise<string[]>;
  sleep(ms: number): Promise<void>;
}

function onBench(check: (bench: Bench) => Promise<void>): Promise<void> {
  const contexts: ServiceContext[] = [];
  const start = (context: ServiceContext) => {
    contexts.push(context);
    return serviceApp();
  };
  const system = {
    stores: [{ name: "log", kind: "kafka" as const, topics: [{ name: "t", partitions: 3 }] }],
    services: [{ name: "service", stores: ["log"], start }],
  };
  return simulate(system, async (simulated) => {
    const [context] = contexts;
    if (context === undefined) throw new Error("the service did not start");
    const { clock, newId } = context;
    const broker = context.kafka("log");
    const bus = new KafkaEventBus({ broker, clock });
    await check({
      ...simulated,
      publish: async (stream, ...what) => {
        const values = what.map((one) =>
          typeof one === "string" ? one : encodeMessage(eventMessage(stream, one, "happened", null)),
        );
        await bus.publish(
          "t",
          values.map((value) => ({ key: stream, value })),
        );
      },
      read: async (before = () => {}) => {
        const ids: string[] = [];
        await readWholeLog({ broker, bus, clock, topic: "t", group: newId() }, async ({ id }) => {
          before(id);
          ids.push(id);
        });
        return ids;
      },
      sleep: (ms) => clock.sleep(ms),
    });
    await bus.close();
  });
}

describe("reading the whole log", () => {
  test("hands over every message of every partition, each stream in its order, as often as it is asked", () =>
    onBench(async ({ publish, read }) => {
      const streams = ["a", "b", "c", "d", "e"];
      for (const stream of streams) await publish(stream, 1, 2, 3);
      for (let time = 0; time < 2; time++) {
        const ids = await read();
        expect(ids).toHaveLength(15);
        for (const stream of streams) {
          expect(ids.filter((id) => id.startsWith(stream))).toEqual([1, 2, 3].map((at) => `${stream}#${at}`));
        }
      }
    }));

  test("is done at once with a topic that is empty", () =>
    onBench(async ({ read }) => {
      expect(await read()).toEqual([]);
    }));

  test("passes over what is no message, at the end of a partition too", () =>
    onBench(async ({ publish, read }) => {
      await publish("a", "{", 1, "no message");
      expect(await read()).toEqual(["a#1"]);
    }));

  test("hands a message over again whose handler failed, before those behind it", () =>
    onBench(async ({ publish, read }) => {
      await publish("a", 1, 2);
      let failures = 1;
      const ids = await read((id) => {
        if (id === "a#1" && failures-- > 0) throw new Error("not now");
      });
      expect(ids).toEqual(["a#1", "a#2"]);
    }));

  test("fails where the broker is away, and where a message never gets through, instead of ending early", () =>
    onBench(async ({ publish, read, simulation, sleep }) => {
      await publish("a", 1);
      const failing = read(() => {
        throw new Error("never");
      });
      await expect(failing).rejects.toThrow("reading the whole log");
      simulation.port.crash("log");
      await expect(read()).rejects.toThrow("ECONNREFUSED");
      simulation.port.restart("log");
      await sleep(10_000);
      expect(await read()).toEqual(["a#1"]);
    }));
});
