import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The parts of kafkajs' own encoder that are needed. */
export interface KafkaEncoder {
  readonly buffer: Buffer;
  writeInt8(value: number): this;
  writeInt16(value: number): this;
  writeInt32(value: number): this;
  writeString(value: string | null): this;
  writeBuffer(bytes: Buffer): this;
}

/** An empty message, which kafkajs' own encoder fills. */
export function kafkaEncoder(): KafkaEncoder {
  const Encoder = require("kafkajs/src/protocol/encoder") as new () => KafkaEncoder;
  return new Encoder();
}

/** How kafkajs itself reads an answer (without the number that pairs it). */
export async function readByKafkajs(request: string, version: number, answer: Buffer): Promise<unknown> {
  const { decode } = require(`kafkajs/src/protocol/requests/${request}/v${version}/response`) as {
    decode: (bytes: Buffer) => Promise<unknown>;
  };
  return await decode(answer);
}

/** A message with its size before it. */
export function framed(message: Buffer): Buffer {
  return kafkaEncoder().writeInt32(message.length).writeBuffer(message).buffer;
}

/** A request with the header that every version has. */
export function kafkaRequest(api: number, version: number, correlation: number, body: Buffer): Buffer {
  const header = kafkaEncoder().writeInt16(api).writeInt16(version).writeInt32(correlation);
  return framed(header.writeString("test").writeBuffer(body).buffer);
}

/** An answer. */
export function kafkaAnswer(correlation: number, body: Buffer): Buffer {
  return framed(kafkaEncoder().writeInt32(correlation).writeBuffer(body).buffer);
}

/** A broker of an answer. */
export interface BrokerBytes {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** The body of an answer to Metadata, versions 0 to 8, with one topic. */
export function metadataBody(version: number, brokers: readonly BrokerBytes[]): Buffer {
  const body = kafkaEncoder();
  if (version >= 3) body.writeInt32(7);
  body.writeInt32(brokers.length);
  for (const { nodeId, host, port, rack } of brokers) {
    body.writeInt32(nodeId).writeString(host).writeInt32(port);
    if (version >= 1) body.writeString(rack);
  }
  if (version >= 2) body.writeString("cluster");
  if (version >= 1) body.writeInt32(1);
  body.writeInt32(1).writeInt16(0).writeString("orders");
  if (version >= 1) body.writeInt8(0);
  body.writeInt32(1).writeInt16(0).writeInt32(0).writeInt32(1);
  if (version >= 7) body.writeInt32(3);
  body.writeInt32(1).writeInt32(1).writeInt32(1).writeInt32(1);
  if (version >= 5) body.writeInt32(0);
  if (version >= 8) body.writeInt32(-1).writeInt32(-1);
  return body.buffer;
}

/** The body of an answer to FindCoordinator, versions 0 to 2. */
export function coordinatorBody(version: number, { nodeId, host, port }: BrokerBytes): Buffer {
  const body = kafkaEncoder();
  if (version >= 1) body.writeInt32(0);
  body.writeInt16(nodeId < 0 ? 15 : 0);
  if (version >= 1) body.writeString(nodeId < 0 ? "none yet" : null);
  return body.writeInt32(nodeId).writeString(host).writeInt32(port).buffer;
}
