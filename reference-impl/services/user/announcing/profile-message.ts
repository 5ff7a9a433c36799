import * as v from "valibot";
import {
  type EventMessage,
  eventMessage,
  type OutgoingMessage,
  readMessageBody,
} from "../../../patterns/event-message.ts";

/** The topic of all profiles; a user's messages are in one partition. */
export const profileTopic = "profiles";

/** A profile in one of its versions, whole: who has a later one needs no earlier one. */
export interface Profile {
  readonly userId: string;
  /** 1, 2, 3, … for each user. */
  readonly version: number;
  readonly email: string;
  readonly name: string;
}

/** What others are told of a profile. Its version is the sequence of the message. */
export function profileMessage({ userId, version, email, name }: Profile): OutgoingMessage {
  return {
    topic: profileTopic,
    message: eventMessage(`user/${userId}`, version, "profile.stored", { userId, email, name }),
  };
}

const bodySchema = v.object({ userId: v.string(), email: v.string(), name: v.string() });

/** Reads such a message. Throws `MalformedMessage`. */
export function readProfile({ sequence, body }: EventMessage): Profile {
  return { ...readMessageBody(bodySchema, body), version: sequence };
}
