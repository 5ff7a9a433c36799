import type { HarnessFailure } from "../record/run-record.ts";

/** A watch over promises that nobody handles. */
export interface RejectionWatch {
  /** Ends the watch; the first rejection that nobody handled, or null. */
  stop(): Promise<HarnessFailure | null>;
}

/**
 * Watches for promise rejections that nobody handles while a run goes on. They end a real process; in a
 * simulated one they are a failure of the run, with the advice to handle them.
 */
export function watchRejections(): RejectionWatch {
  let first: HarnessFailure | null = null;
  const listener = (reason: unknown) => {
    const what = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    first ??= {
      code: "unhandled-rejection",
      message: `A service left the rejection of a promise unhandled, which ends a real process: ${what}`,
    };
  };
  process.on("unhandledRejection", listener);
  return {
    stop: async () => {
      // Node reports unhandled rejections when the queue of ticks is empty: after a turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      process.off("unhandledRejection", listener);
      return first;
    },
  };
}
