import type { RecordSeen } from "../service-needs.ts";
import type { CallOutcome } from "./outgoing-call.ts";

/** What is told of one call of another service. */
export interface CallTrace {
  /** An attempt has ended like this. */
  attempt(outcome: CallOutcome["kind"]): void;
  /** Its caller has done with it. */
  end(): void;
}

/** Tells of the calls that one life of a process makes of others. */
export type CallLog = (key: string) => CallTrace;

/**
 * Writes a record `call` for the beginning of each call, for each attempt once it has ended, and for the end: whoever
 * reads them sees what was sent again, how often, and for how long. `key`: what the call is about.
 */
export function callLog({
  newId,
  record,
}: {
  readonly newId: () => string;
  readonly record: RecordSeen;
}): CallLog {
  const life = newId();
  return (key) => {
    const call = newId();
    record("call", key, { life, call, event: "begun" });
    return {
      attempt: (outcome) => record("call", key, { life, call, event: "attempt", outcome }),
      end: () => record("call", key, { life, call, event: "ended" }),
    };
  };
}
