import { FaultlineError } from "../../faultline-error.ts";
import type { Clock } from "../../time/clock.ts";

/** How often and how long `waitUntil` looks. */
export interface WaitOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** The pause between two looks; 20 by default. */
  readonly everyMs?: number;
  /** What is waited for, for the error: "postgres to be ready". */
  readonly what: string;
  /** More for the error, asked for at the end: the end of a log. */
  readonly details?: () => string;
}

/** Looks until the answer is true. Throws `FaultlineError` `not-ready` after `timeoutMs`; what `look` throws goes on. */
export async function waitUntil(look: () => boolean | Promise<boolean>, options: WaitOptions): Promise<void> {
  const { clock, timeoutMs, everyMs = 20, what, details } = options;
  const endNs = clock.monotonicNs() + timeoutMs * 1e6;
  while (!(await look())) {
    if (clock.monotonicNs() >= endNs) {
      const more = details?.() ?? "";
      throw new FaultlineError(
        "harness",
        "not-ready",
        `Waited ${timeoutMs} ms for ${what}, in vain.${more === "" ? "" : `\n${more}`}`,
        "A loaded machine may need a longer limit; otherwise the end of the log says why.",
      );
    }
    await clock.sleep(everyMs);
  }
}
