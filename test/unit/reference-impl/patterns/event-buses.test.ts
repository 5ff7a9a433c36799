import { describe, expect, test } from "vitest";
import type { ServiceContext, StoreDefinition } from "../../../../harness/run/system.ts";
import type { EventBus, ReceivedMessage } from "../../../../reference-impl/patterns/event-bus.ts";
import { KafkaEventBus } from "../../../../reference-impl/patterns/kafka-event-bus.ts";
import { RedisEventBus } from "../../../../reference-impl/patterns/redis-event-bus.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import { type SimulatedSystem, simulate } from "../simulated-system.ts";

interface BusUnderTest {
  readonly store: StoreDefinition;
  open(context: ServiceContext): EventBus;
}

const buses: readonly (readonly [string, BusUnderTest])[] = [
  [
    "Kafka",
    {
      store: { name: "bus", kind: "kafka", topics: [{ name: "t", partitions: 2 }] },
      open: ({ kafka, clock }) => new KafkaEventBus({ broker: kafka("bus"), clock }),
    },
  ],
  [
    "Redis Streams",
    {
      store: { name: "bus", kind: "redis" },
      open: ({ redis, clock, name }) =>
        new RedisEventBus({ openRedis: () => redis("bus"), member: name, clock }),
    },
  ],
];

/** A process that publishes and one that consumes; the consumer begins anew whenever it is started. */
async function withBus(
  { store, open }: BusUnderTest,
  handle: (message: ReceivedMessage, start: number) => Promise<void>,
  check: (bus: EventBus, context: ServiceContext, system: SimulatedSystem) => Promise<void>,
): Promise<void> {
  let starts = 0;
  const publishers: ServiceContext[] = [];
  const start = (context: ServiceContext) => {
    if (context.name === "publisher") publishers.push(context);
    else {
      const number = ++starts;
      open(context).subscribe("group", ["t"], (message) => handle(message, number));
    }
    return serviceApp();
  };
  const services = ["publisher", "consumer"].map((name) => ({ name, stores: ["bus"], start }));
  await simulate({ stores: [store], services }, async (system) => {
    const [context] = publishers;
    if (context === undefined) throw new Error("the publisher did not start");
    const bus = open(context);
    await check(bus, context, system);
    await bus.close();
  });
}

const numbered = (key: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ({ key, value: `${key}${from + at}` }));

describe.each(buses)("a bus on %s", (_name, underTest) => {
  test("hands over every message, per key in the order of publication", async () => {
    const seen: string[] = [];
    const handle = async ({ topic, value }: ReceivedMessage) => {
      expect(topic).toBe("t");
      seen.push(value);
    };
    await withBus(underTest, handle, async (bus, { clock }) => {
      await bus.publish("t", [...numbered("a", 1, 3), ...numbered("b", 1, 3)]);
      await bus.publish("t", numbered("a", 4, 5));
      await clock.sleep(5000);
    });
    expect(seen.filter((value) => value.startsWith("a"))).toEqual(["a1", "a2", "a3", "a4", "a5"]);
    expect(seen.filter((value) => value.startsWith("b"))).toEqual(["b1", "b2", "b3"]);
  });

  test("hands a message over again when its handler failed, and the next one after it", async () => {
    const seen: string[] = [];
    let failures = 2;
    const handle = async ({ value }: ReceivedMessage) => {
      seen.push(value);
      if (value === "a2" && failures-- > 0) throw new Error("not now");
    };
    await withBus(underTest, handle, async (bus, { clock }) => {
      await bus.publish("t", numbered("a", 1, 3));
      await clock.sleep(8000);
    });
    expect(seen.filter((value) => value === "a2")).toHaveLength(3);
    expect(seen.at(-1)).toBe("a3");
    expect(seen.indexOf("a3")).toBe(seen.length - 1);
  });

  test("a consumer that died while handling is given the message again after its restart", async () => {
    const seen: string[] = [];
    const handle = ({ value }: ReceivedMessage, start: number) => {
      seen.push(`${start}:${value}`);
      return start === 1 && value === "a2" ? new Promise<void>(() => {}) : Promise.resolve();
    };
    await withBus(underTest, handle, async (bus, { clock }, { simulation }) => {
      await bus.publish("t", numbered("a", 1, 3));
      await clock.sleep(4000);
      simulation.port.crash("consumer");
      await clock.sleep(500);
      simulation.port.restart("consumer");
      await clock.sleep(8000);
    });
    expect(seen).toContain("1:a2");
    expect(seen.filter((value) => value.startsWith("2:")).slice(-2)).toEqual(["2:a2", "2:a3"]);
  });

  test("publishing rejects while the bus is away, in bounded time, and works again afterwards", async () => {
    const seen: string[] = [];
    const handle = async ({ value }: ReceivedMessage) => {
      seen.push(value);
    };
    await withBus(underTest, handle, async (bus, { clock }, { simulation }) => {
      simulation.port.crash("bus");
      const askedAtMs = clock.nowMs();
      await expect(bus.publish("t", numbered("a", 1, 1))).rejects.toThrow();
      expect(clock.nowMs() - askedAtMs).toBeLessThan(7000);
      simulation.port.restart("bus");
      await bus.publish("t", numbered("a", 2, 2));
      await clock.sleep(15_000);
    });
    expect(seen).toEqual(["a2"]);
  });

  test("a consumer that lost the bus while it was joining comes back, whenever that was", async () => {
    for (let afterMs = 0; afterMs < 40; afterMs++) {
      const seen: string[] = [];
      const handle = async ({ value }: ReceivedMessage) => {
        seen.push(value);
      };
      await withBus(underTest, handle, async (bus, { clock }, { simulation }) => {
        simulation.port.crash("consumer");
        await bus.publish("t", numbered("a", 1, 2));
        simulation.port.restart("consumer");
        await clock.sleep(afterMs);
        simulation.port.crash("bus");
        await clock.sleep(2);
        simulation.port.restart("bus");
        await clock.sleep(20_000);
      });
      expect(new Set(seen), `the bus died ${afterMs} ms after the start of the consumer`).toEqual(
        new Set(["a1", "a2"]),
      );
    }
  });
});
