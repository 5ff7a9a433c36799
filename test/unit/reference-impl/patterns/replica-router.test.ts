import type { Generated, Kysely } from "kysely";
import { describe, expect, test } from "vitest";
import type { ServiceContext } from "../../../../harness/run/system.ts";
import { anyPosition, type RecentPosition } from "../../../../reference-impl/patterns/recent-position.ts";
import {
  anyReplica,
  primaryPosition,
  type RoutedRead,
  type RouterNeeds,
  readAtPrimary,
  replicaPosition,
  waitForReplica,
} from "../../../../reference-impl/patterns/replica-router.ts";
import { serviceApp } from "../../../../reference-impl/patterns/service-app.ts";
import { hasReached, type SessionToken } from "../../../../reference-impl/patterns/session-token.ts";
import { poolLimits } from "../../../../reference-impl/service-needs.ts";
import { type SimulatedSystem, simulate } from "../simulated-system.ts";

interface Tables {
  entries: { id: Generated<string>; text: string };
}

const replicas = ["replica-a", "replica-b"] as const;

interface Bench extends SimulatedSystem {
  readonly needs: RouterNeeds<Tables> & { recent: RecentPosition };
  write(text: string): Promise<void>;
  /** Reads all there is, through the router. */
  read(token: SessionToken): Promise<RoutedRead<readonly string[]>>;
  /** How often each server was read from, by name. */
  readonly reads: Map<string, number>;
  sleep(ms: number): Promise<void>;
  /** Reads go to this replica. */
  choose(replica: 0 | 1): void;
  nowMs(): number;
}

function onBench(test: (bench: Bench) => Promise<void>): Promise<void> {
  const contexts: ServiceContext[] = [];
  const migrate = async (database: Kysely<unknown>) => {
    await database.schema
      .createTable("entries")
      .addColumn("id", "bigserial", (column) => column.primaryKey())
      .addColumn("text", "text", (column) => column.notNull())
      .execute();
  };
  const start = (context: ServiceContext) => {
    contexts.push(context);
    return serviceApp();
  };
  const system = {
    stores: [{ name: "primary", kind: "postgres" as const, replicas, migrate }],
    services: [{ name: "service", stores: ["primary", ...replicas], start }],
  };
  return simulate(system, async (simulated) => {
    const [context] = contexts;
    if (context === undefined) throw new Error("the service did not start");
    const { clock, postgres } = context;
    const primary = postgres<Tables>("primary", poolLimits);
    const reads = new Map<string, number>();
    let chosen = 0;
    const needs: Bench["needs"] = {
      clock,
      random: () => chosen / 2,
      primary,
      recent: anyPosition,
      replicas: [postgres<Tables>(replicas[0], poolLimits), postgres<Tables>(replicas[1], poolLimits)],
    };
    await clock.sleep(100);
    await test({
      ...simulated,
      needs,
      reads,
      write: async (text) => {
        await primary.insertInto("entries").values({ text }).execute();
      },
      read: (token) =>
        waitForReplica(needs, token, async (database) => {
          const rows = await database.selectFrom("entries").select("text").orderBy("id").execute();
          const isReplica = await replicaPosition(database).then(
            (position) => position !== null,
            () => false,
          );
          const name = isReplica ? replicas[chosen === 0 ? 0 : 1] : "primary";
          reads.set(name, (reads.get(name) ?? 0) + 1);
          return rows.map(({ text }) => text);
        }),
      sleep: (ms) => clock.sleep(ms),
      choose: (replica) => {
        chosen = replica;
      },
      nowMs: () => clock.nowMs(),
    });
  });
}

describe("a routed read", () => {
  test("that has seen nothing yet is answered at any replica, at once", () =>
    onBench(async ({ read, reads, simulation, write, choose }) => {
      simulation.port.replica(replicas[0]).pauseReplay();
      await write("a");
      expect((await read(null)).result).toEqual([]);
      choose(1);
      await read(null);
      expect([...reads]).toEqual([
        ["replica-a", 1],
        ["replica-b", 1],
      ]);
    }));

  test("waits for a replica that will soon have what its client has seen", () =>
    onBench(async ({ read, reads, simulation, write, needs, nowMs }) => {
      simulation.port.replica(replicas[0]).setApplyDelay(25);
      await write("a");
      const askedAtMs = nowMs();
      expect((await read(await primaryPosition(needs.primary))).result).toEqual(["a"]);
      expect(nowMs() - askedAtMs).toBeGreaterThan(15);
      expect([...reads.keys()]).toEqual(["replica-a"]);
    }));

  test("goes to the primary, after a bounded wait, where the replica does not get there", () =>
    onBench(async ({ read, reads, simulation, write, needs, nowMs }) => {
      simulation.port.replica(replicas[0]).pauseReplay();
      await write("a");
      const askedAtMs = nowMs();
      const token = await primaryPosition(needs.primary);
      expect((await read(token)).result).toEqual(["a"]);
      expect(nowMs() - askedAtMs).toBeGreaterThanOrEqual(50);
      expect(nowMs() - askedAtMs).toBeLessThan(100);
      expect([...reads.keys()]).toEqual(["primary"]);
    }));

  test("is answered at the primary where the replica cannot be reached, and the primary's errors are its own", () =>
    onBench(async ({ read, reads, simulation, write, needs }) => {
      await write("a");
      simulation.port.crash(replicas[0]);
      expect((await read(null)).result).toEqual(["a"]);
      expect([...reads.keys()]).toEqual(["primary"]);
      const broken = waitForReplica(needs, null, () => Promise.reject(new Error("no such view")));
      await expect(broken).rejects.toThrow("no such view");
    }));

  test("whose token nobody can read asks the primary, and gets one that can be read", () =>
    onBench(async ({ read, reads, write }) => {
      await write("a");
      const { result, token } = await read("primary");
      expect(result).toEqual(["a"]);
      expect(token).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
      expect([...reads.keys()]).toEqual(["primary"]);
    }));
});

describe("a read of what must not be old", () => {
  test("goes to the primary where the replica has not what it must have, though its client has seen nothing", () =>
    onBench(async ({ read, reads, simulation, write, needs }) => {
      simulation.port.replica(replicas[0]).pauseReplay();
      await write("a");
      const position = await primaryPosition(needs.primary);
      needs.recent = async () => position;
      const { result, token } = await read(null);
      expect(result).toEqual(["a"]);
      expect(hasReached(String(token), position)).toBe(true);
      expect([...reads.keys()]).toEqual(["primary"]);
    }));

  test("goes to a replica that has it, however much its client had seen before", () =>
    onBench(async ({ read, reads, write, needs, sleep }) => {
      const before = await primaryPosition(needs.primary);
      await write("a");
      const position = await primaryPosition(needs.primary);
      await sleep(50);
      needs.recent = async () => position;
      for (const token of [null, before, position]) expect((await read(token)).result).toEqual(["a"]);
      expect([...reads]).toEqual([["replica-a", 3]]);
    }));

  test("needs what its client has seen too, where that is more", () =>
    onBench(async ({ read, reads, simulation, write, needs }) => {
      const old = await primaryPosition(needs.primary);
      needs.recent = async () => old;
      simulation.port.replica(replicas[0]).pauseReplay();
      await write("a");
      expect((await read(await primaryPosition(needs.primary))).result).toEqual(["a"]);
      expect([...reads.keys()]).toEqual(["primary"]);
    }));

  test("fails where nobody can tell how old a replica is", () =>
    onBench(async ({ read, reads, needs }) => {
      needs.recent = () => Promise.reject(new Error("away"));
      await expect(read(null)).rejects.toThrow("away");
      expect([...reads]).toEqual([]);
    }));
});

describe("the token of a read", () => {
  test("covers what was shown: another replica that is behind is not asked before it has that", () =>
    onBench(async ({ read, simulation, write, choose, sleep }) => {
      await write("a");
      await sleep(50);
      simulation.port.replica(replicas[1]).pauseReplay();
      await write("b");
      await sleep(50);
      const { result, token } = await read(null);
      expect(result).toEqual(["a", "b"]);
      choose(1);
      expect((await read(null)).result).toEqual(["a"]);
      expect((await read(token)).result).toEqual(["a", "b"]);
    }));

  test("holds at another replica, whenever one looks and however far that one is", () =>
    onBench(async ({ read, simulation, write, choose, sleep }) => {
      simulation.port.replica(replicas[1]).pauseReplay();
      for (let n = 1; n <= 25; n++) {
        choose(0);
        await write(String(n));
        await sleep(n % 5);
        const { result, token } = await read(null);
        choose(1);
        expect((await read(token)).result.length).toBeGreaterThanOrEqual(result.length);
      }
    }));

  test("never goes back, wherever one reads", () =>
    onBench(async ({ read, needs, write, simulation }) => {
      await write("a");
      const ahead = "FF/0";
      const atPrimary = await readAtPrimary(needs, ahead, async () => null);
      expect(atPrimary.token).toBe(ahead);
      simulation.port.replica(replicas[0]).pauseReplay();
      const before = await primaryPosition(needs.primary);
      await write("b");
      const { token } = await read(before);
      expect(hasReached(String(token), before)).toBe(true);
    }));

  test("of a read at the primary is not behind what was read", () =>
    onBench(async ({ needs, write, read }) => {
      const { token } = await readAtPrimary(needs, null, async (database) => {
        await write("a");
        return await database.selectFrom("entries").selectAll().execute();
      });
      expect((await read(token)).result).toEqual(["a"]);
    }));

  test("says to ask the primary after a replica has started again and received nothing yet", () =>
    onBench(async ({ read, reads, simulation, write, sleep }) => {
      await write("a");
      await sleep(50);
      simulation.port.intercept("primary", replicas[0], () => "hold");
      simulation.port.crash(replicas[0]);
      simulation.port.restart(replicas[0]);
      await sleep(100);
      const { result, token } = await read(null);
      expect([result, token]).toEqual([["a"], "primary"]);
      expect([...reads.keys()]).toEqual(["replica-a"]);
    }));
});

test("chance decides between replicas, and any number it may draw is one of them", () =>
  onBench(async ({ needs }) => {
    const drawn = [0, 0.49, 0.5, 0.999_999].map((random) =>
      needs.replicas.indexOf(anyReplica({ ...needs, random: () => random })),
    );
    expect(drawn).toEqual([0, 0, 1, 1]);
  }));
