import type { Defect } from "./defect.ts";

/** What makes the request key of attempt n of a call. */
interface CallKeys {
  readonly keyOfAttempt: (key: string, attempt: number) => string;
}

/** Every attempt has a request key of its own, so that each may have its effect. */
export const retryWithoutKey: Defect<CallKeys> = {
  name: "retry-without-key",
  missing: "every attempt has a request key of its own, so that each may have its effect",
  needs: "the answer to a call is lost, or comes too late",
  shows: [{ checker: "outgoing-calls", types: ["repeated-effect"] }],
  replacement: () => ({
    keyOfAttempt: (key, attempt) => `${key}/attempt-${attempt}`,
  }),
};
