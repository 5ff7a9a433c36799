import { describe, expect, test } from "vitest";
import { randomStream } from "../../../harness/random/random-stream.ts";
import { type Fate, type Message, Network } from "../../../harness/sim/network.ts";
import { Scheduler } from "../../../harness/sim/scheduler.ts";
import type { Owner } from "../../../harness/sim/sim-event.ts";

const LIMITS = { events: 1e6, timeNs: 1e15 };

function world(seed = 1) {
  const root: Owner = { name: "root", alive: true };
  const scheduler = new Scheduler(randomStream(seed, "ranks"), root, "tick");
  const latencies = randomStream(seed, "latency");
  const network = new Network(scheduler, () => 1000 + latencies.fraction() * 9000);
  const log: string[] = [];
  const message = (name: string, kind: Message["kind"] = "request"): Message => ({
    kind,
    duplicable: true,
    internal: false,
    label: name,
    caller: root,
    receiver: root,
    deliver: () => log.push(`${name} arrives`),
    reset: () => log.push(`${name} reset`),
  });
  const run = () => scheduler.drive(() => false, LIMITS);
  return { scheduler, network, log, message, run };
}

test("messages of one channel arrive in order, messages of two need not", async () => {
  let overtakings = 0;
  for (let seed = 0; seed < 20; seed++) {
    const one = world(seed);
    const channel = one.network.open("a", "b");
    for (const name of ["1", "2", "3"]) channel.send(one.message(name));
    await one.run();
    expect(one.log).toEqual(["1 arrives", "2 arrives", "3 arrives"]);
    const two = world(seed);
    two.network.open("a", "b").send(two.message("1"));
    two.network.open("a", "b").send(two.message("2"));
    await two.run();
    if (two.log[0] === "2 arrives") overtakings++;
  }
  expect(overtakings).toBeGreaterThan(3);
});

describe("an interceptor", () => {
  const fates: [Fate, string[]][] = [
    [null, ["m arrives"]],
    ["drop", []],
    ["reset", ["m reset"]],
    ["duplicate", ["m arrives", "m arrives"]],
    ["hold", []],
    [5e6, ["m arrives"]],
  ];
  test.each(fates)("that says %s", async (fate, expected) => {
    const { network, log, message, run, scheduler } = world();
    network.intercept("a", "b", () => fate);
    network.open("a", "b").send(message("m"));
    await run();
    expect(log).toEqual(expected);
    if (typeof fate === "number") expect(scheduler.now).toBeGreaterThan(fate);
  });

  test("sees one direction only", async () => {
    const { network, log, message, run } = world();
    network.intercept("a", "b", () => "drop");
    network.open("b", "a").send(message("to a"));
    network.open("b", "a").send(message("answer to b", "answer"));
    await run();
    expect(log).toEqual(["to a arrives"]);
  });

  test("releases what it held, in order, when it is taken off; twice is harmless", async () => {
    const { network, log, message, run } = world();
    const release = network.intercept("a", "b", () => "hold");
    const channel = network.open("a", "b");
    for (const name of ["1", "2"]) channel.send(message(name));
    await run();
    expect(log).toEqual([]);
    release();
    release();
    channel.send(message("3"));
    await run();
    expect(log).toEqual(["1 arrives", "2 arrives", "3 arrives"]);
  });

  test("leaves held messages to another one that still holds them", async () => {
    const { network, log, message, run } = world();
    const first = network.intercept("a", "b", () => "hold");
    const second = network.intercept("a", "b", () => "hold");
    network.open("a", "b").send(message("m"));
    first();
    await run();
    expect(log).toEqual([]);
    second();
    await run();
    expect(log).toEqual(["m arrives"]);
  });
});

test("a message to a life that has ended is not delivered", async () => {
  const { network, log, message, run, scheduler } = world();
  const receiver: Owner = { name: "service", alive: true };
  network.open("a", "b").send({ ...message("m"), receiver });
  scheduler.schedule(1, "crash", () => (receiver.alive = false));
  await run();
  expect(log).toEqual([]);
});
