import * as v from "valibot";
import { Rollback } from "./store-failure.ts";

/** Plain data, as JSON carries it. */
export type EventData =
  | null
  | boolean
  | number
  | string
  | readonly EventData[]
  | { readonly [field: string]: EventData };

/** Something that happened to one entity, as it is told to other services. */
export interface EventMessage {
  /** The same for every copy of the message, and for no other message. */
  readonly id: string;
  /** The entity that it is about. Messages of one stream arrive in the order of their sequence. */
  readonly stream: string;
  /** 1, 2, 3, … within the stream. */
  readonly sequence: number;
  /** What happened: `order.created`. */
  readonly type: string;
  readonly body: EventData;
}

/** A message and the topic that it goes to. */
export interface OutgoingMessage {
  readonly topic: string;
  readonly message: EventMessage;
}

/** Thrown for a message that nothing can be done with: trying again would not help. */
export class MalformedMessage extends Rollback {
  override readonly name = "MalformedMessage";
}

/** Makes a message. Its id follows from stream and sequence, so it is the same at every attempt. */
export function eventMessage(stream: string, sequence: number, type: string, body: EventData): EventMessage {
  return { id: `${stream}#${sequence}`, stream, sequence, type, body };
}

/** The text that goes over the bus. */
export function encodeMessage(message: EventMessage): string {
  return JSON.stringify(message);
}

const messageSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  stream: v.pipe(v.string(), v.minLength(1), v.maxLength(150)),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  body: v.unknown(),
});

/** Reads what came over the bus. Throws {@link MalformedMessage}. */
export function decodeMessage(value: string): EventMessage {
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch {
    throw new MalformedMessage("the message is not JSON");
  }
  const parsed = v.safeParse(messageSchema, data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new MalformedMessage(`${v.getDotPath(issue) ?? "message"}: ${issue.message}`);
  }
  // The body came out of JSON.parse; what it must hold is for the handler of its type to say.
  return { ...parsed.output, body: parsed.output.body as EventData };
}

/** Reads the body of a message. Throws `MalformedMessage`. */
export function readMessageBody<Body>(schema: v.GenericSchema<unknown, Body>, body: EventData): Body {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new MalformedMessage(`${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
}
