import { wallClockMs } from "../harness/time/wall-clock.ts";
import type { CommandIo } from "./command-io.ts";

const SAME_KEY_PRESS_MS = 500;

/** Watches for Ctrl-C until it is disposed of. */
export interface Interruption extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * The first Ctrl-C aborts the signal, so that what has finished can still be judged; the second calls
 * `endAtOnce`. One key press may arrive twice (from the terminal and from npm): what comes within half a
 * second is the same one.
 */
export function watchInterruption(
  io: CommandIo,
  endAtOnce: () => void,
  nowMs: () => number = wallClockMs,
): Interruption {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const stop = io.onInterrupt(() => {
    if (firstMs === null) {
      firstMs = nowMs();
      io.err.write(
        `${io.err.isTerminal ? "\r\u001b[2K" : ""}Stopping: what has finished will be judged. Ctrl-C again ends at once.\n`,
      );
      controller.abort();
    } else if (nowMs() - firstMs >= SAME_KEY_PRESS_MS) endAtOnce();
  });
  return { signal: controller.signal, [Symbol.dispose]: stop };
}
