import { FaultlineError } from "../../faultline-error.ts";
import {
  groupAskedFor,
  type LeadToBroker,
  refusesSession,
  withBrokersLed,
  withCoordinatorLed,
  withVersionsCapped,
} from "./kafka-answers.ts";
import { kafkaApi, kafkaVersionsMax } from "./kafka-apis.ts";
import { type FrameUse, KafkaFrames } from "./kafka-frames.ts";
import type { MessageReader, ReadPiece } from "./read-piece.ts";

/** What a reader of Kafka connections is told, and tells. */
export interface KafkaView {
  readonly lead: LeadToBroker;
  /** A client asks for a group; throws where it must not have it. */
  group(id: string): void;
  /** The connection is broken for this reason: what was to pass would have led the client past its edge. */
  broken(error: FaultlineError): void;
}

/** Requests without an answer yet. One client has a handful; those of producers that want none are forgotten beyond. */
const WAITING_MAX = 4096;
/** An answer to JoinGroup that is an error is shorter. */
const ERROR_BYTES_MAX = 1024;

interface Waiting {
  readonly correlation: number;
  readonly api: number;
  readonly version: number;
}

/**
 * Reads a Kafka connection, pairs answers with requests, and puts other addresses of brokers into the answers that
 * hold any, so that the client stays on its edges. Answers to ApiVersions promise no request of which the answer could not be
 * changed; one that comes all the same, an answer that nobody asked for and a message that cannot be read break the
 * connection. Keeps what {@link KafkaFrames} keeps.
 */
export function kafkaReader(view: KafkaView): MessageReader {
  const waiting: Waiting[] = [];
  const client = new KafkaFrames(8, (head) => request(head, waiting, view));
  const broker = new KafkaFrames(4, (head, bytes) => answer(takeWaiting(waiting, head), bytes, view));
  let isBroken = false;
  const read = (frames: KafkaFrames, piece: Buffer, holds: "request" | "answer"): ReadPiece => {
    if (isBroken) return { holds: [], request: null, pass: null };
    try {
      const pass = frames.push(piece);
      return { holds: pass.length === 0 ? [] : [holds], request: null, pass };
    } catch (error) {
      if (!(error instanceof FaultlineError)) throw error;
      isBroken = true;
      view.broken(error);
      return { holds: [], request: null, pass: null };
    }
  };
  return {
    up: (piece) => read(client, piece, "request"),
    down: (piece) => read(broker, piece, "answer"),
  };
}

function request(head: Buffer, waiting: Waiting[], view: KafkaView): FrameUse {
  const [api, version, correlation] = [head.readInt16BE(0), head.readInt16BE(2), head.readInt32BE(4)];
  const last = kafkaVersionsMax.get(api);
  // A broker answers to an unknown version of ApiVersions in a known form.
  if (last === undefined || version < 0 || (version > last && api !== kafkaApi.apiVersions)) {
    throw unsupported(api, version, last);
  }
  if (waiting.length === WAITING_MAX) {
    const forgotten = waiting.shift();
    if (forgotten?.api !== kafkaApi.produce) throw unexpected(`${WAITING_MAX} requests wait for an answer`);
  }
  waiting.push({ correlation, api, version });
  if (api !== kafkaApi.findCoordinator) return null;
  return (whole) => {
    const group = groupAskedFor(whole, version);
    if (group !== null) view.group(group);
    return whole;
  };
}

/** Answers come in the order of the requests; only those to Produce may not come at all. */
function takeWaiting(waiting: Waiting[], head: Buffer): Waiting {
  const correlation = head.readInt32BE(0);
  for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
    if (first.correlation === correlation) return first;
    if (first.api !== kafkaApi.produce) break;
  }
  throw unexpected(`an answer with the number ${correlation} came, which is not that of the next request`);
}

function answer({ api, version }: Waiting, frameBytes: number, view: KafkaView): FrameUse {
  if (api === kafkaApi.metadata) return (whole) => withBrokersLed(whole, version, view.lead);
  if (api === kafkaApi.findCoordinator) return (whole) => withCoordinatorLed(whole, version, view.lead);
  if (api === kafkaApi.apiVersions) return (whole) => withVersionsCapped(whole, version);
  if (api !== kafkaApi.joinGroup || frameBytes > ERROR_BYTES_MAX) return null;
  return (whole) => {
    if (refusesSession(whole, version)) throw sessionRefused();
    return whole;
  };
}

function unsupported(api: number, version: number, last: number | undefined): FaultlineError {
  const expected = last === undefined ? "no such request was" : `at most version ${last} was`;
  return new FaultlineError(
    "harness",
    "kafka-unsupported",
    `A client sent request ${api} of Kafka's protocol in version ${version}; ${expected} expected: the answer could lead it past the proxies.`,
    "Use kafkajs without SASL, or run on the local substrate.",
  );
}

function unexpected(what: string): FaultlineError {
  return new FaultlineError(
    "harness",
    "kafka-unreadable",
    `A connection to Kafka cannot be followed: ${what}.`,
    "Does something else than Kafka listen there?",
  );
}

function sessionRefused(): FaultlineError {
  return new FaultlineError(
    "harness",
    "kafka-session-refused",
    "The external Kafka does not take the session timeout of a service's consumer, so it gets no messages: which says nothing about the service.",
    "Set the broker's group.min.session.timeout.ms to that of the services or less (1500 for the reference services).",
  );
}
