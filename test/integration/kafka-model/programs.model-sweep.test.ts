import { expect, test } from "vitest";
import { findRealKafka, startRealKafka } from "../../support/kafka/real-kafka.ts";
import { sweepPrograms } from "../../support/kafka/sweep-programs.ts";

// The long comparison (`npm run test:model`): MODEL_COUNT programs from MODEL_SEED on.

const count = Number(process.env.MODEL_COUNT ?? 200);
const firstSeed = Number(process.env.MODEL_SEED ?? 0);
const found = await findRealKafka();
if (!found.found) process.stdout.write(`skipped: the comparison with Kafka. ${found.why} ${found.command}\n`);

test.skipIf(!found.found)("random programs of calls on the model and on Kafka", async () => {
  await using kafka = await startRealKafka(found);
  const { steps, errors, mismatches } = await sweepPrograms(kafka.url, "sweep", firstSeed, count, 16);
  process.stdout.write(
    `kafka: ${count} programs, ${steps} steps, ${errors} with an error, ${mismatches.length} mismatches\n`,
  );
  expect(mismatches.slice(0, 10).join("\n\n")).toBe("");
});
