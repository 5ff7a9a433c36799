import { FaultlineError } from "../faultline-error.ts";
import type { Invocation, Outcome } from "./outcome.ts";
import type { Client, Workload } from "./scenario.ts";

/**
 * Performs one call of a client, and gives it up after `timeoutMs` of the client's clock: nobody knows
 * then whether it happened. A workload that throws is a failure of the harness.
 */
export function callService(
  workload: Workload,
  invocation: Invocation,
  client: Client,
  timeoutMs: number,
): Promise<Outcome> {
  const performed = workload.perform(invocation, client).catch((error: unknown) => {
    const what = error instanceof Error ? error.message : String(error);
    throw new FaultlineError(
      "harness",
      "workload-threw",
      `The workload threw on "${invocation.f}" of client ${client.number}: ${what}.`,
      "`perform` must turn every failed call into an outcome of type `fail` or `info`.",
    );
  });
  const givenUp = client.clock.sleep(timeoutMs).then(
    (): Outcome => ({
      type: "info",
      error: { code: "client-timeout", message: `no answer within ${timeoutMs} ms` },
    }),
  );
  return Promise.race([performed, givenUp]);
}
