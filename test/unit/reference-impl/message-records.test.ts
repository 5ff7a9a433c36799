import { describe, expect, test } from "vitest";
import { fieldOf } from "../../../checkers/history/json-value.ts";
import { drawPlan } from "../../../harness/run/draw-plan.ts";
import { executePlan } from "../../../harness/run/execute-plan.ts";
import type { BusMessage, EventBus, HandleMessage } from "../../../reference-impl/patterns/event-bus.ts";
import { encodeMessage, eventMessage } from "../../../reference-impl/patterns/event-message.ts";
import { recordingBus } from "../../../reference-impl/systems/message-records.ts";
import { committedEventsAreDelivered } from "../../../scenarios/committed-events-are-delivered.scenario.ts";

const first = eventMessage("order/1", 1, "order.created", {});
const messages: readonly BusMessage[] = [
  { key: first.stream, value: encodeMessage(first) },
  { key: "order/2", value: "no message" },
];

function busThat(publish: EventBus["publish"]): {
  readonly bus: EventBus;
  readonly seen: string[];
  deliver(message: BusMessage): Promise<void>;
} {
  const seen: string[] = [];
  const handlers: HandleMessage[] = [];
  const inner: EventBus = {
    publish,
    subscribe: (_group, _topics, handle) => {
      handlers.push(handle);
      return { stop: async () => {} };
    },
    close: async () => {},
  };
  const record = (f: string, key: string, value: unknown): void =>
    void seen.push(`${f} ${key} ${JSON.stringify(value)}`);
  return {
    bus: recordingBus(inner, { record }),
    seen,
    deliver: async (message) => {
      for (const handle of handlers)
        await handle({ ...message, topic: "t", place: "0", keep: async () => {} });
    },
  };
}

describe("a bus that records", () => {
  test("tells what was published when the bus has acknowledged it, and nothing of what is no message", async () => {
    let acknowledged = (): void => {};
    const { bus, seen } = busThat(
      () =>
        new Promise<void>((resolve) => {
          acknowledged = resolve;
        }),
    );
    const published = bus.publish("t", messages);
    expect(seen).toEqual([]);
    acknowledged();
    await published;
    expect(seen).toEqual(['published order/1 {"message":"order/1#1"}']);
  });

  test("tells nothing of what the bus has not acknowledged", async () => {
    const { bus, seen } = busThat(() => Promise.reject(new Error("away")));
    await expect(bus.publish("t", messages)).rejects.toThrow("away");
    expect(seen).toEqual([]);
  });

  test("tells of every copy that a consumer was done with, and of none that it was not", async () => {
    const { bus, seen, deliver } = busThat(async () => {});
    let failures = 1;
    bus.subscribe("notices", ["t"], async () => {
      if (failures-- > 0) throw new Error("again");
    });
    const [message = { key: "", value: "" }, none = message] = messages;
    await expect(deliver(message)).rejects.toThrow("again");
    expect(seen).toEqual([]);
    await deliver(message);
    await deliver(message);
    await deliver(none);
    const line = 'consumed order/1 {"message":"order/1#1","group":"notices"}';
    expect(seen).toEqual([line, line]);
  });
});

test.each(["hardened", "defect:dual-write"])(
  "what services record of messages is what the stores tell in the end, in the same form: %s",
  async (name) => {
    const scenario = committedEventsAreDelivered;
    const form = scenario.forms.find((some) => some.name === name);
    if (form === undefined) throw new Error(`there is no form ${name}`);
    for (const seed of [1, 2, 3]) {
      const { events } = await executePlan({ scenario, form, seed, plan: drawPlan(scenario, seed, "") });
      const told = (f: string, final: boolean): Set<string> =>
        new Set(
          events.flatMap((event) => {
            if (event.type !== "record" || event.f !== f || (event.final === true) !== final) return [];
            const { message, sequence } = {
              message: fieldOf(event.value, "message"),
              sequence: fieldOf(event.value, "sequence"),
            };
            return [`${event.key} ${message} ${sequence}`];
          }),
        );
      for (const kind of ["committed", "published"]) {
        const live = told(kind, false);
        expect(live.size).toBeGreaterThan(0);
        expect([...live].filter((line) => !told(kind, true).has(line))).toEqual([]);
      }
      const published = told("published", true);
      expect([...told("consumed", false)].filter((line) => !published.has(line))).toEqual([]);
    }
  },
);
