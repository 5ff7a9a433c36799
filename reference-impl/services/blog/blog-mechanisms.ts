import { publishThenMark, type RelayBatch } from "../../patterns/outbox-relay.ts";
import { type ShowEntries, withTheirComments } from "../comment-reader/shown-entries.ts";
import { type FailOver, keepWhatWasSeen } from "./blog-session.ts";

/** The safety mechanisms of the blog's services. Built at every start; a defect replaces exactly one. */
export interface BlogMechanisms {
  /** Fans entries out to the readers. */
  readonly relayBatch: RelayBatch;
  readonly show: ShowEntries;
  readonly failOver: FailOver;
  /** The request key of attempt n at a write. It must not depend on the attempt. */
  readonly keyOfAttempt: (key: string, attempt: number) => string;
}

/** The mechanisms of the hardened form. */
export function hardenedBlogMechanisms(): BlogMechanisms {
  return {
    relayBatch: publishThenMark,
    show: withTheirComments,
    failOver: keepWhatWasSeen,
    keyOfAttempt: (key) => key,
  };
}
