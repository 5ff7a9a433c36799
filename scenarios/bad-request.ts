import type { Invocation } from "../harness/run/outcome.ts";

/** The function of a call that must be refused, as the checker `definite-answers` knows it. */
export const badRequestName = "bad-request";

/** A call that must be refused, whatever the state is. `why` says what is wrong with it. */
export function badRequest(why: string, node: string): Invocation {
  return { f: badRequestName, node, value: { why } };
}
