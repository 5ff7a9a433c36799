import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { answerLost } from "../../../../harness/faults/answer-lost.fault.ts";
import { jsonAnswer } from "../../../../reference-impl/patterns/answer.ts";
import { storeRetryPolicy } from "../../../../reference-impl/patterns/bounded-retry.ts";
import { readStore } from "../../../../reference-impl/patterns/read-store.ts";
import {
  databaseNodes,
  type SimulatedDatabase,
  withDatabase,
} from "../../../support/reference-impl/simulated-database.ts";

interface Bench extends SimulatedDatabase<unknown> {
  /** Reads, with a look at the store by default; counts its attempts. */
  read(look?: () => Promise<unknown>): Promise<{ status: number; code: unknown; attempts: number }>;
}

function onBench(check: (bench: Bench) => Promise<void>): Promise<void> {
  return withDatabase<unknown, void>(
    async () => {},
    (simulated) => {
      const { context, database } = simulated;
      const read: Bench["read"] = async (look = () => sql`select 1`.execute(database)) => {
        let attempts = 0;
        const answer = await readStore(context, async () => {
          attempts++;
          await look();
          return jsonAnswer(200, { error: { code: "none" } });
        });
        return { status: answer.status, code: JSON.parse(answer.body).error.code, attempts };
      };
      return check({ ...simulated, read });
    },
  );
}

const answersLost = (bench: Bench, count: number) =>
  answerLost.inject(bench.simulation.port, { from: databaseNodes.service, to: databaseNodes.store, count });

describe("a read", () => {
  test("is answered at once where the store is well", () =>
    onBench(async ({ read }) => {
      expect(await read()).toEqual({ status: 200, code: "none", attempts: 1 });
    }));

  test("is tried again when its answer was lost, and nobody notices", () =>
    onBench(async (bench) => {
      using _lost = answersLost(bench, 2);
      expect(await bench.read()).toEqual({ status: 200, code: "none", attempts: 3 });
    }));

  test("leaves no doubt, however it failed: nothing was to be done", () =>
    onBench(async (bench) => {
      const { attempts } = storeRetryPolicy;
      {
        using _lost = answersLost(bench, 100);
        expect(await bench.read()).toEqual({ status: 503, code: "unavailable", attempts });
      }
      bench.simulation.port.crash(databaseNodes.store);
      expect(await bench.read()).toEqual({ status: 503, code: "unavailable", attempts });
    }));

  test("says so where no connection was free in time", () =>
    onBench(async ({ database, read }) => {
      const held = await Promise.all([1, 2, 3, 4].map(() => database.startTransaction().execute()));
      expect(await read()).toMatchObject({ status: 503, code: "no-free-connection" });
      await Promise.all(held.map((transaction) => transaction.rollback().execute()));
      expect(await read()).toMatchObject({ status: 200 });
    }));

  test("is not tried again where it would fail again", () =>
    onBench(async ({ read }) => {
      const wrongStatement = () =>
        Promise.reject(Object.assign(new Error("no such column"), { code: "42703" }));
      expect(await read(wrongStatement)).toMatchObject({ status: 503, attempts: 1 });
      const mistake = new TypeError("x is undefined");
      await expect(read(() => Promise.reject(mistake))).rejects.toBe(mistake);
    }));
});
