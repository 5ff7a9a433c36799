import { expect, test } from "vitest";
import {
  type LeadToBroker,
  refusesSession,
  withBrokersLed,
  withCoordinatorLed,
  withVersionsCapped,
} from "../../../harness/real/network/kafka-answers.ts";
import {
  coordinatorBody,
  kafkaAnswer,
  kafkaEncoder,
  metadataBody,
  readByKafkajs,
} from "../../support/kafka/kafka-bytes.ts";

const brokers = [
  { nodeId: 1, host: "one.kafka.test", port: 9092, rack: null },
  { nodeId: 2, host: "two.kafka.test", port: 9093, rack: "east" },
];
const lead: LeadToBroker = ({ nodeId }) => ({ host: "127.0.0.1", port: 20_000 + nodeId });

function message(body: Buffer): Buffer {
  return kafkaAnswer(5, body).subarray(4);
}

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
  "an answer to Metadata %i has other addresses, and is else as it was",
  async (version) => {
    const led = withBrokersLed(message(metadataBody(version, brokers)), version, lead);
    const expected = brokers.map((broker) => ({ ...broker, ...lead(broker) }));
    expect(led).toEqual(message(metadataBody(version, expected)));
    expect(led.toString("latin1")).not.toContain("kafka.test");
    if (version > 6) return;
    const [read, before] = (await Promise.all(
      [led.subarray(4), metadataBody(version, brokers)].map((body) =>
        readByKafkajs("metadata", version, body),
      ),
    )) as [{ brokers: object[] }, object];
    const racks = expected.map(({ rack, ...broker }) => (version === 0 ? broker : { ...broker, rack }));
    expect(read).toEqual({ ...before, brokers: racks });
  },
);

test.each([0, 1, 2])(
  "an answer to FindCoordinator %i has another address, and none where it names nobody",
  async (version) => {
    const [, two] = brokers as [object, (typeof brokers)[number]];
    const led = withCoordinatorLed(message(coordinatorBody(version, two)), version, lead);
    expect(led).toEqual(message(coordinatorBody(version, { ...two, ...lead(two) })));
    expect(await readByKafkajs("findCoordinator", version, led.subarray(4))).toMatchObject({
      coordinator: { nodeId: 2, host: "127.0.0.1", port: 20_002 },
    });
    const nobody = message(coordinatorBody(version, { nodeId: -1, host: "", port: -1, rack: null }));
    expect(withCoordinatorLed(nobody, version, lead)).toEqual(nobody);
  },
);

test.each([0, 1, 2])(
  "an answer to ApiVersions %i promises no version that could not be changed",
  async (version) => {
    const offered = [
      [0, 3, 13],
      [3, 0, 13],
      [10, 0, 6],
      [12, 0, 4],
      // What is not known, and what has no version that can pass.
      [60, 0, 2],
      [0, 10, 13],
    ];
    const body = kafkaEncoder().writeInt16(0).writeInt32(offered.length);
    for (const [api = 0, lowest = 0, highest = 0] of offered)
      body.writeInt16(api).writeInt16(lowest).writeInt16(highest);
    if (version >= 1) body.writeInt32(9);
    const capped = withVersionsCapped(message(body.buffer), version);
    expect(await readByKafkajs("apiVersions", version, capped.subarray(4))).toMatchObject({
      apiVersions: [
        { apiKey: 0, minVersion: 3, maxVersion: 9 },
        { apiKey: 3, minVersion: 0, maxVersion: 8 },
        { apiKey: 10, minVersion: 0, maxVersion: 2 },
        { apiKey: 12, minVersion: 0, maxVersion: 4 },
      ],
    });
    if (version >= 1) expect(capped.subarray(-4).readInt32BE(0)).toBe(9);
  },
);

test("an answer to a flexible version of ApiVersions keeps its tags, one that refuses the version has the form of 0", () => {
  const flexible = Buffer.from(
    "00000005" +
      "0000" +
      "04" +
      "00030000000d00" +
      "003c0000000200" +
      "000c00000004" +
      "01050161" +
      "00000009" +
      "0100010f",
    "hex",
  );
  expect(withVersionsCapped(flexible, 3).toString("hex")).toBe(
    "00000005" + "0000" + "03" + "00030000000800" + "000c00000004" + "01050161" + "00000009" + "0100010f",
  );
  const refused = Buffer.from("00000005" + "0023" + "00000001" + "001200000004", "hex");
  expect(withVersionsCapped(refused, 9)).toEqual(refused);
  expect(() => withVersionsCapped(flexible, 5)).toThrow(
    expect.objectContaining({ code: "kafka-unsupported" }),
  );
});

test.each([0, 1, 2, 5, 6, 9])(
  "an answer to JoinGroup %i tells a refused session from other errors",
  (version) => {
    const body = (code: number) => {
      const bytes = kafkaEncoder();
      if (version >= 6) bytes.writeInt8(0);
      if (version >= 2) bytes.writeInt32(0);
      return message(bytes.writeInt16(code).writeInt32(-1).buffer);
    };
    expect([26, 25, 0].map((code) => refusesSession(body(code), version))).toEqual([true, false, false]);
  },
);

test("an answer that ends before what it announces cannot be read", () => {
  const whole = message(metadataBody(3, brokers));
  const [one] = brokers as [(typeof brokers)[number]];
  const coordinator = message(coordinatorBody(1, one));
  for (let end = 4; end < 60; end++) {
    expect(() => withBrokersLed(whole.subarray(0, end), 3, lead), String(end)).toThrow("ends before");
  }
  for (let end = 4; end < coordinator.length; end++) {
    expect(() => withCoordinatorLed(coordinator.subarray(0, end), 1, lead), String(end)).toThrow(
      "ends before",
    );
  }
});
