import { FaultlineError } from "../../faultline-error.ts";
import { kafkaVersionsMax } from "./kafka-apis.ts";
import { KafkaCursor } from "./kafka-cursor.ts";

/** A broker as it tells clients of itself. */
export interface KafkaBroker {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** Where a client is to be led in the place of a broker's own address. Throws for a broker that it does not know. */
export type LeadToBroker = (broker: KafkaBroker) => { readonly host: string; readonly port: number };

const UNSUPPORTED_VERSION = 35;
const INVALID_SESSION_TIMEOUT = 26;

/** An answer to Metadata, versions 0 to 8, with other addresses of brokers. What `lead` throws goes on. */
export function withBrokersLed(answer: Buffer, version: number, lead: LeadToBroker): Buffer {
  const cursor = new KafkaCursor(answer);
  cursor.skip(version >= 3 ? 8 : 4);
  const parts = [cursor.passed()];
  for (let left = cursor.int32(); left > 0; left--) {
    const nodeId = cursor.int32();
    parts.push(cursor.passed());
    parts.push(addressBytes(lead({ nodeId, host: cursor.string() ?? "", port: cursor.int32() })));
    cursor.drop();
    if (version >= 1) cursor.string();
    parts.push(cursor.passed());
  }
  parts.push(cursor.passed(), cursor.rest());
  return Buffer.concat(parts);
}

/** An answer to FindCoordinator, versions 0 to 2, with another address. What `lead` throws goes on. */
export function withCoordinatorLed(answer: Buffer, version: number, lead: LeadToBroker): Buffer {
  const cursor = new KafkaCursor(answer);
  cursor.skip(version >= 1 ? 10 : 6);
  if (version >= 1) cursor.string();
  const nodeId = cursor.int32();
  // There is none: the answer is an error, and names nobody.
  if (nodeId < 0) return answer;
  const before = cursor.passed();
  const address = addressBytes(lead({ nodeId, host: cursor.string() ?? "", port: cursor.int32() }));
  cursor.drop();
  return Buffer.concat([before, address, cursor.rest()]);
}

/**
 * An answer to ApiVersions in which a broker claims no more than can pass a tap (`kafkaVersionsMax`). Throws
 * `kafka-unsupported` for a version of it that is not known.
 */
export function withVersionsCapped(answer: Buffer, version: number): Buffer {
  const cursor = new KafkaCursor(answer);
  cursor.skip(4);
  // A broker that does not know the version says so in the form of version 0.
  const refused = cursor.int16() === UNSUPPORTED_VERSION;
  const last = kafkaVersionsMax.get(18) ?? 0;
  if (version > last && !refused) {
    throw new FaultlineError(
      "harness",
      "kafka-unsupported",
      `A broker answered to version ${version} of ApiVersions; at most ${last} was expected.`,
      "This broker is newer than this version of Faultline.",
    );
  }
  const flexible = version >= 3 && !refused;
  const start = cursor.passed();
  const entries: Buffer[] = [];
  const count = flexible ? cursor.varint() - 1 : cursor.int32();
  cursor.drop();
  for (let left = count; left > 0; left--) {
    const [api, lowest, highest] = [cursor.int16(), cursor.int16(), cursor.int16()];
    cursor.drop();
    if (flexible) cursor.tags();
    const tags = cursor.passed();
    const capped = Math.min(highest, kafkaVersionsMax.get(api) ?? -1);
    if (capped >= lowest) entries.push(Buffer.concat([int16s(api, lowest, capped), tags]));
  }
  const size = flexible ? varintBytes(entries.length + 1) : int32(entries.length);
  return Buffer.concat([start, size, ...entries, cursor.rest()]);
}

/** Whether an answer to JoinGroup says that the broker does not take the session timeout of the client. */
export function refusesSession(answer: Buffer, version: number): boolean {
  const cursor = new KafkaCursor(answer);
  cursor.skip(4);
  if (version >= 6) cursor.tags();
  if (version >= 2) cursor.skip(4);
  return cursor.int16() === INVALID_SESSION_TIMEOUT;
}

/** The group that a request of FindCoordinator, versions 0 to 2, asks for; null where it asks for something else. */
export function groupAskedFor(request: Buffer, version: number): string | null {
  const cursor = new KafkaCursor(request);
  cursor.skip(8);
  cursor.string();
  const key = cursor.string();
  return version === 0 || cursor.skip(1)[0] === 0 ? key : null;
}

function addressBytes({ host, port }: { readonly host: string; readonly port: number }): Buffer {
  const name = Buffer.from(host);
  return Buffer.concat([int16s(name.length), name, int32(port)]);
}

function int16s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt16BE(value, 2 * i);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function varintBytes(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  return Buffer.from([...bytes, left]);
}
