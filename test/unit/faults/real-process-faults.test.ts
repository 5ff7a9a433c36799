import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Json } from "../../../checkers/history/operation.ts";
import type { ActiveRealFault } from "../../../harness/faults/fault.ts";
import type { RealFaultPort, RealProcess } from "../../../harness/faults/real-fault-port.ts";
import { faultNamed } from "../../support/faults/fault-world.ts";

const absent = (): never => {
  throw new Error("This test has processes only.");
};

/** A port whose processes are names in a log. */
function processPort(log: string[], clockFile: string | null = null): RealFaultPort {
  const down = new Set<string>();
  const process = (name: string): RealProcess => ({
    isUp: () => !down.has(name),
    kill: async () => {
      down.add(name);
      log.push(`kill ${name}`);
    },
    pause: async () => void log.push(`pause ${name}`),
    resume: async () => void log.push(`resume ${name}`),
    stopGracefully: async () => {
      down.add(name);
      log.push(`stop ${name}`);
    },
    start: async () => {
      down.delete(name);
      log.push(`start ${name}`);
    },
  });
  const rewind = async (group: string, topic: string, count: number) => {
    log.push(`rewind ${group} ${topic} ${count}`);
    return count;
  };
  return {
    nodes: (name) => [name],
    edges: () => [],
    process,
    postgres: absent,
    kafka: () => ({ rewind }),
    clockFile: () => clockFile,
    journal: () => () => {},
    sleep: async () => {},
  };
}

async function inject(port: RealFaultPort, name: string, params: Json): Promise<ActiveRealFault> {
  const { real, parse } = faultNamed(name);
  if (typeof real !== "function") throw new Error(real.impossible);
  return await real(port, parse(params));
}

test.each([
  ["process-crash", ["kill db", "start db"]],
  ["process-pause", ["pause db", "resume db"]],
  ["graceful-stop", ["stop db", "start db"]],
])("%s: done once, undone at the heal", async (name, expected) => {
  const log: string[] = [];
  const fault = await inject(processPort(log), name, { process: "db" });
  expect([log, await fault.bites()]).toEqual([expected.slice(0, 1), 1]);
  await fault.heal();
  expect(log).toEqual(expected);
});

test("a process that is down already cannot be bitten", async () => {
  const port = processPort([]);
  await inject(port, "process-crash", { process: "db" });
  expect(await (await inject(port, "process-crash", { process: "db" })).bites()).toBe(0);
});

test("rolling-restart: one after the other, all of them when it is given the time", async () => {
  const log: string[] = [];
  const fault = await inject(processPort(log), "rolling-restart", { processes: ["a", "b"] });
  while ((await fault.bites()) < 2);
  await fault.heal();
  await fault.heal();
  expect(log).toEqual(["stop a", "start a", "stop b", "start b"]);
});

test("rolling-restart that cannot start a service again: whoever heals is told", async () => {
  const port = processPort([]);
  const broken: RealFaultPort = {
    ...port,
    process: (name) => ({ ...port.process(name), start: () => Promise.reject(new Error("no start")) }),
  };
  const fault = await inject(broken, "rolling-restart", { processes: ["a"] });
  await expect(fault.heal()).rejects.toThrow("no start");
});

test("duplicate-delivery: the consumer is away while its offsets are set back", async () => {
  const log: string[] = [];
  const params = { broker: "bus", topic: "orders", group: "g", consumer: "mail", count: 3 };
  const fault = await inject(processPort(log), "duplicate-delivery", params);
  expect([log, await fault.bites()]).toEqual([["stop mail", "rewind g orders 3", "start mail"], 3]);
});

test("clock-offset: the file of libfaketime says by how much; without one it is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "faultline-clock-"));
  const file = join(folder, "time");
  const fault = await inject(processPort([], file), "clock-offset", { process: "a", offsetMs: -1500 });
  expect([readFileSync(file, "utf8"), await fault.bites()]).toEqual(["-1.5\n", 1]);
  await fault.heal();
  await fault.heal();
  expect(readFileSync(file, "utf8")).toBe("+0\n");
  rmSync(folder, { recursive: true });
  await expect(inject(processPort([]), "clock-offset", { process: "a", offsetMs: 1 })).rejects.toMatchObject({
    code: "impossible-fault",
  });
});

test("a wire fault between nodes without a connection is refused", async () => {
  const params = { a: "a", b: "b", direction: "both" };
  await expect(inject(processPort([]), "link-partition", params)).rejects.toMatchObject({ code: "bad-plan" });
});
