import { describe, expect, test } from "vitest";
import { noFencingToken } from "../../../reference-impl/defects/no-fencing-token.defect.ts";
import { unlockWithoutOwnerCheck } from "../../../reference-impl/defects/unlock-without-owner-check.defect.ts";
import {
  reportWriterSystem,
  textbookReportWriterSystem,
} from "../../../reference-impl/systems/report-writer.system.ts";
import { type SimulatedSystem, simulate } from "./simulated-system.ts";

const a = "http://worker-a";
const b = "http://worker-b";
const write = (system: SimulatedSystem, worker: string, lease: string, value: string) =>
  system.request("PUT", `${worker}/leases/${lease}/report`, { value }, `write-${lease}-${value}`);
const take = (system: SimulatedSystem, worker: string, id: string) =>
  system.request("POST", `${worker}/leases`, { id, report: "r" });

/** Worker a stops in the midst of its work, for longer than its lease; b takes the lock and writes. */
async function overtake(system: SimulatedSystem) {
  await take(system, a, "one");
  const late = write(system, a, "one", "late");
  await system.client.clock.sleep(30);
  const process = system.simulation.port.pause("worker-a");
  await system.client.clock.sleep(400);
  await take(system, b, "two");
  const newer = await write(system, b, "two", "new");
  process?.resume();
  return { newer, late: await late, stored: await system.request("GET", `${b}/reports/r`) };
}

describe("the report writer", () => {
  test("gives a lock to one at a time, with rising tokens", async () => {
    await simulate(reportWriterSystem(), async (system) => {
      expect(await take(system, a, "one")).toMatchObject({ status: 201, body: { token: 1 } });
      expect(await take(system, b, "two")).toMatchObject({
        status: 409,
        body: { error: { code: "locked" } },
      });
      expect((await write(system, a, "one", "x")).status).toBe(200);
      expect((await system.request("POST", `${a}/leases/one/release`)).status).toBe(200);
      expect(await take(system, b, "three")).toMatchObject({ status: 201, body: { token: 2 } });
    });
  });

  test("refuses the write of a holder that was stopped past its expiry", async () => {
    const { newer, late, stored } = await simulate(reportWriterSystem(), overtake);
    expect(newer.status).toBe(200);
    expect(late).toMatchObject({ status: 409, body: { error: { code: "stale-token" } } });
    expect(stored.body).toMatchObject({ value: "new" });
  });

  test("accepts that write without fencing, and in its textbook form", async () => {
    for (const system of [reportWriterSystem(noFencingToken), textbookReportWriterSystem()]) {
      const { late, stored } = await simulate(system, overtake);
      expect(late.status).toBe(200);
      expect(stored.body).toMatchObject({ value: "late" });
    }
  });

  test("leaves the lock of the next holder alone, unless it does not look whose it is", async () => {
    const releaseLate = async (system: SimulatedSystem) => {
      await take(system, a, "one");
      await system.client.clock.sleep(400);
      await take(system, b, "two");
      await system.request("POST", `${a}/leases/one/release`);
      return (await take(system, a, "three")).status;
    };
    expect(await simulate(reportWriterSystem(), releaseLate)).toBe(409);
    expect(await simulate(reportWriterSystem(unlockWithoutOwnerCheck), releaseLate)).toBe(201);
  });

  test("gives every copy of a request the same answer", async () => {
    await simulate(reportWriterSystem(), async (system) => {
      const first = await take(system, a, "one");
      expect(await take(system, a, "one")).toEqual(first);
      expect(await write(system, a, "one", "x")).toEqual(await write(system, a, "one", "x"));
    });
  });

  test("says what is wrong with a request", async () => {
    await simulate(reportWriterSystem(), async (system) => {
      expect((await system.request("POST", `${a}/leases`, { id: "-", report: "r" })).status).toBe(400);
      expect((await write(system, a, "none", "x")).status).toBe(404);
      expect((await system.request("GET", `${a}/reports/none`)).status).toBe(404);
    });
  });
});
