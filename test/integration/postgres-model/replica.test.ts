import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import type { RealReplicaPair } from "../../support/postgres/real-replica-lane.ts";
import { sweepReplicaPrograms } from "../../support/postgres/sweep-replica-programs.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

const postgres = await componentHere("postgres");

describe.skipIf(postgres === null)("random programs on the model's replica and on a real standby", () => {
  const site = openRealSite();
  let pair: RealReplicaPair;

  beforeAll(async () => {
    if (postgres === null) throw new Error("skipped before");
    const { cacheFolder } = site;
    const primary = await startPostgres(postgres, site.at("primary"), { cacheFolder });
    const replica = await startPostgresReplica(postgres, primary, site.at("replica"));
    pair = { primary, replica, clock: systemClock() };
  });

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  test("answer the same, call by call", async () => {
    const { calls, kinds, mismatches } = await sweepReplicaPrograms(pair, 1, 16, false);
    expect(mismatches.join("\n\n")).toBe("");
    expect(calls).toBeGreaterThan(300);
    const wanted = [
      "reader rows",
      "reader error 25006",
      "reader error 25P02",
      "reached true",
      "reached false",
    ];
    for (const kind of [...wanted, "primary error 23505", "pause", "resume"])
      expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(0);
  });
});
