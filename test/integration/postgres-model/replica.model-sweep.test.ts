import { expect, test } from "vitest";
import { startPostgres } from "../../../harness/real/components/postgres.component.ts";
import { startPostgresReplica } from "../../../harness/real/components/postgres-replica.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import { sweepReplicaPrograms } from "../../support/postgres/sweep-replica-programs.ts";
import { componentHere, openRealSite } from "../../support/real/real-site.ts";

// The long comparison (`npm run test:model`), in which the replica is killed too. MODEL_REPLICA_COUNT programs from
// MODEL_SEED on.

const count = Number(process.env.MODEL_REPLICA_COUNT ?? 100);
const firstSeed = Number(process.env.MODEL_SEED ?? 0);
const postgres = await componentHere("postgres");

test.skipIf(postgres === null)("random programs on the model's replica and on a real standby", async () => {
  if (postgres === null) throw new Error("skipped before");
  await using site = openRealSite();
  const { cacheFolder } = site;
  const primary = await startPostgres(postgres, site.at("primary"), { cacheFolder });
  const replica = await startPostgresReplica(postgres, primary, site.at("replica"));
  const pair = { primary, replica, clock: systemClock() };
  const { programs, calls, kinds, mismatches } = await sweepReplicaPrograms(pair, firstSeed, count, true);
  const counted = [...kinds]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => `${kind} ${times}`);
  process.stdout.write(
    `replica: ${programs} programs, ${calls} calls (${counted.join(", ")}), ${mismatches.length} mismatches\n`,
  );
  expect(mismatches.join("\n\n")).toBe("");
});
