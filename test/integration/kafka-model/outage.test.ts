import { describe, expect, test } from "vitest";
import { findRealKafka, startRealKafka } from "../../support/kafka/real-kafka.ts";
import { realKafkaLane } from "../../support/kafka/real-kafka-lane.ts";
import { runOutage } from "../../support/kafka/run-outage.ts";
import { simKafkaLane } from "../../support/kafka/sim-kafka-lane.ts";

const found = await findRealKafka();
if (!found.found) process.stdout.write(`skipped: the comparison with Kafka. ${found.why} ${found.command}\n`);

async function onModel(): Promise<string[]> {
  using lane = simKafkaLane("outage", 1);
  const { server } = lane.world;
  return await runOutage(lane, {
    kill: async () => server.crash(),
    restart: async () => server.restart(),
  });
}

describe.skipIf(!found.found)("a broker that is killed and started again", () => {
  test("gives the same results and errors on the model and on Kafka", { timeout: 300_000 }, async () => {
    const model = await onModel();
    await using kafka = await startRealKafka(found);
    expect(model).toEqual(await runOutage(realKafkaLane(kafka.url, "outage"), kafka));
    expect(model[1]).toContain("ECONNREFUSED");
  });
});
