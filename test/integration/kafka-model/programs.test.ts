import { describe, expect, test } from "vitest";
import { findRealKafka, startRealKafka } from "../../support/kafka/real-kafka.ts";
import { sweepPrograms } from "../../support/kafka/sweep-programs.ts";

// The Kafka model against a real broker: the same calls of kafkajs on both, compared step by step.

const found = await findRealKafka();
if (!found.found) process.stdout.write(`skipped: the comparison with Kafka. ${found.why} ${found.command}\n`);

describe.skipIf(!found.found)("the Kafka model gives what Kafka gives", () => {
  test("random programs of calls", { timeout: 300_000 }, async () => {
    await using kafka = await startRealKafka(found);
    const { steps, errors, mismatches } = await sweepPrograms(kafka.url, "quick", 1_000_000, 12, 12);
    expect(mismatches.join("\n\n")).toBe("");
    expect(steps).toBeGreaterThan(200);
    expect(errors).toBeGreaterThan(3);
  });
});
