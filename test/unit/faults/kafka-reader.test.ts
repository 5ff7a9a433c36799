import { once } from "node:events";
import { connect, createServer } from "node:net";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FaultlineError } from "../../../harness/faultline-error.ts";
import { EdgeTap } from "../../../harness/real/network/edge-tap.ts";
import { WHOLE_BYTES_MAX } from "../../../harness/real/network/kafka-frames.ts";
import { kafkaReader } from "../../../harness/real/network/kafka-reader.ts";
import type { MessageReader, ReadPiece } from "../../../harness/real/network/read-piece.ts";
import { systemClock } from "../../../harness/time/system-clock.ts";
import {
  coordinatorBody,
  kafkaAnswer,
  kafkaEncoder,
  kafkaRequest,
  metadataBody,
} from "../../support/kafka/kafka-bytes.ts";

const theirs = { nodeId: 1, host: "one.kafka.test", port: 9092, rack: null };
const ours = { ...theirs, host: "127.0.0.1", port: 20_001 };
const none = Buffer.alloc(0);

/** A reader, and what it told. */
function opened(): {
  readonly reader: MessageReader;
  readonly groups: string[];
  readonly errors: FaultlineError[];
} {
  const groups: string[] = [];
  const errors: FaultlineError[] = [];
  const reader = kafkaReader({
    lead: ({ nodeId }) => {
      if (nodeId !== 1) throw new RangeError(`no edge to ${nodeId}`);
      return { host: ours.host, port: ours.port };
    },
    group: (id) => groups.push(id),
    broken: (error) => errors.push(error),
  });
  return { reader, groups, errors };
}

function findCoordinator(correlation: number, key: string, type: number): Buffer {
  return kafkaRequest(10, 1, correlation, kafkaEncoder().writeString(key).writeInt8(type).buffer);
}

/** What was asked, what was answered, and what the client must see. */
interface Exchange {
  readonly asked: (correlation: number) => Buffer;
  readonly answered: Buffer | null;
  readonly seen: Buffer | null;
}

const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const version = fc.integer({ min: 0, max: 8 });
const exchange: fc.Arbitrary<Exchange> = fc.oneof(
  version.map((v) => ({
    asked: (correlation: number) => kafkaRequest(3, v, correlation, none),
    answered: metadataBody(v, [theirs]),
    seen: metadataBody(v, [ours]),
  })),
  fc.constant<Exchange>({
    asked: (correlation: number) => findCoordinator(correlation, "shippers", 0),
    answered: coordinatorBody(1, theirs),
    seen: coordinatorBody(1, ours),
  }),
  fc.tuple(body, body).map(([asked, answered]) => ({
    asked: (correlation: number) => kafkaRequest(1, 11, correlation, asked),
    answered,
    seen: answered,
  })),
  // A producer that wants no answer.
  body.map((asked) => ({
    asked: (correlation: number) => kafkaRequest(0, 7, correlation, asked),
    answered: null,
    seen: null,
  })),
);

/** Cuts bytes at the given places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...ends].map((start, at) => bytes.subarray(start, ends[at])).filter(({ length }) => length > 0);
}

function passedBy(read: (piece: Buffer) => ReadPiece, pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(pieces.map((piece) => read(piece).pass ?? Buffer.from("broken")));
}

describe("a connection to Kafka", () => {
  test.each([
    ["in pieces", fc.array(fc.nat(), { maxLength: 30 })],
    ["byte by byte", fc.constant(Array.from({ length: 4000 }, (_, i) => i))],
    ["at once", fc.constant([])],
  ])("leads the client to its edges, %s", (_, places) => {
    const exchanges = fc.array(exchange, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(exchanges, places, places, fc.nat(1e9), (all, cutsUp, cutsDown, start) => {
        const { reader, errors } = opened();
        const up = Buffer.concat(all.map(({ asked }, i) => asked(start + i)));
        const answers = (of: "answered" | "seen") =>
          Buffer.concat(all.map((one, i) => (one[of] === null ? none : kafkaAnswer(start + i, one[of]))));
        expect(passedBy(reader.up, cut(up, cutsUp))).toEqual(up);
        expect(passedBy(reader.down, cut(answers("answered"), cutsDown))).toEqual(answers("seen"));
        expect(errors).toEqual([]);
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  test("tells which groups clients ask for, and no transactions", () => {
    const { reader, groups } = opened();
    reader.up(findCoordinator(1, "shippers", 0));
    reader.up(findCoordinator(2, "payments-1", 1));
    reader.up(kafkaRequest(10, 0, 3, kafkaEncoder().writeString("billers").buffer));
    expect(groups).toEqual(["shippers", "billers"]);
  });

  test("holds back what is to be changed only, and counts it when it passes", () => {
    const { reader } = opened();
    reader.up(kafkaRequest(1, 11, 1, none));
    reader.up(kafkaRequest(3, 6, 2, none));
    const big = Buffer.alloc(8 * WHOLE_BYTES_MAX, 1);
    const fetched = kafkaAnswer(1, big);
    // Longer than anything that is kept: it passes piece by piece.
    for (let at = 0; at < fetched.length; at += 1 << 20) {
      const piece = fetched.subarray(at, at + (1 << 20));
      const { pass, holds } = reader.down(piece);
      expect([pass?.length, holds]).toEqual([piece.length, ["answer"]]);
    }
    const metadata = kafkaAnswer(2, metadataBody(6, [theirs]));
    expect(reader.down(metadata.subarray(0, 40))).toMatchObject({ holds: [], pass: none });
    expect(reader.down(metadata.subarray(40))).toMatchObject({
      holds: ["answer"],
      pass: kafkaAnswer(2, metadataBody(6, [ours])),
    });
  });

  test.each<[string, string, (reader: MessageReader) => ReadPiece]>([
    [
      "a version of Metadata of which the answer cannot be changed",
      "kafka-unsupported",
      ({ up }) => up(kafkaRequest(3, 9, 1, none)),
    ],
    [
      "a version of FindCoordinator of which the answer cannot be changed",
      "kafka-unsupported",
      ({ up }) => up(kafkaRequest(10, 3, 1, none)),
    ],
    [
      "a request that names brokers in another way",
      "kafka-unsupported",
      ({ up }) => up(kafkaRequest(60, 0, 1, none)),
    ],
    ["SASL", "kafka-unsupported", ({ up }) => up(kafkaRequest(17, 1, 1, none))],
    ["TLS", "kafka-unreadable", ({ up }) => up(Buffer.from("16030100f8010000f4030332", "hex"))],
    ["an answer that nobody asked for", "kafka-unreadable", ({ down }) => down(kafkaAnswer(7, none))],
    [
      "an answer out of order",
      "kafka-unreadable",
      ({ up, down }) => {
        up(kafkaRequest(3, 6, 1, none));
        up(kafkaRequest(1, 11, 2, none));
        return down(kafkaAnswer(2, metadataBody(6, [theirs])));
      },
    ],
    [
      "an answer to Metadata that is longer than anything that is kept",
      "kafka-unreadable",
      ({ up, down }) => {
        up(kafkaRequest(3, 6, 1, none));
        return down(
          kafkaEncoder()
            .writeInt32(WHOLE_BYTES_MAX + 1)
            .writeInt32(1).buffer,
        );
      },
    ],
    [
      "an answer that is cut off",
      "kafka-unreadable",
      ({ up, down }) => {
        up(kafkaRequest(3, 6, 1, none));
        return down(kafkaAnswer(1, metadataBody(6, [theirs]).subarray(0, 20)));
      },
    ],
    [
      "a broker that does not take the session timeout",
      "kafka-session-refused",
      ({ up, down }) => {
        up(kafkaRequest(11, 5, 1, none));
        return down(kafkaAnswer(1, kafkaEncoder().writeInt32(0).writeInt16(26).writeInt32(-1).buffer));
      },
    ],
    [
      "more requests than anybody sends without an answer",
      "kafka-unreadable",
      ({ up }) => {
        for (let i = 0; i < 4096; i++) up(kafkaRequest(3, 6, i, none));
        return up(kafkaRequest(3, 6, 5000, none));
      },
    ],
  ])("breaks at %s", (_, code, act) => {
    const { reader, errors } = opened();
    expect(act(reader).pass).toBeNull();
    expect(errors.map((error) => error.code)).toEqual([code]);
    // Nothing passes any more, and nothing more is told.
    expect([reader.up(kafkaRequest(3, 6, 9, none)).pass, reader.down(kafkaAnswer(9, none)).pass]).toEqual([
      null,
      null,
    ]);
    expect(errors).toHaveLength(1);
  });

  test("may ask for any version of ApiVersions, and send what needs no answer for ever", () => {
    const { reader, errors } = opened();
    expect(reader.up(kafkaRequest(18, 99, 1, none)).pass).not.toBeNull();
    reader.down(kafkaAnswer(1, Buffer.from("002300000000", "hex")));
    for (let i = 0; i < 10_000; i++) reader.up(kafkaRequest(0, 7, i, none));
    expect(errors).toEqual([]);
  });
});

test("a tap resets a connection before an address that it does not know passes", async () => {
  const errors: FaultlineError[] = [];
  const { FaultlineError: Failure } = await import("../../../harness/faultline-error.ts");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.write(kafkaAnswer(1, metadataBody(6, [theirs]))));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as { port: number };
  const tap = new EdgeTap({
    host: "127.0.0.1",
    dial: () => connect({ port, host: "127.0.0.1", allowHalfOpen: true }),
    newReader: () =>
      kafkaReader({
        lead: () => {
          throw new Failure("harness", "kafka-unknown-broker", "no edge leads there");
        },
        group: () => {},
        broken: (error) => errors.push(error),
      }),
  });
  await tap.start(0, systemClock().sleep);
  const client = connect({ port: tap.port, host: "127.0.0.1" });
  const pieces: Buffer[] = [];
  client.on("data", (piece: Buffer) => pieces.push(piece));
  client.write(kafkaRequest(3, 6, 1, none));
  const [error] = (await once(client, "error")) as [NodeJS.ErrnoException];
  expect([error.code, Buffer.concat(pieces).length, errors.map(({ code }) => code)]).toEqual([
    "ECONNRESET",
    0,
    ["kafka-unknown-broker"],
  ]);
  await tap.stop();
  server.close();
});
