import { wallClockMs } from "../harness/time/wall-clock.ts";
import { checkProgress } from "./check-progress.ts";
import type { Output } from "./command-io.ts";

const bytesPerMb = 1_000_000;

/** Shows how much of a file was read. To dispose is to take the line away. */
export interface ReadingProgress extends Disposable {
  /** So many more bytes were read. */
  read(bytes: number): void;
}

/** One line that is redrawn, on a terminal only and only if reading takes a while. `size` in bytes; 0 where it is not known. */
export function readingProgress(
  output: Output,
  shown: string,
  size: number,
  nowMs: () => number = wallClockMs,
): ReadingProgress {
  const progress = checkProgress(output);
  const startMs = nowMs();
  let done = 0;
  return {
    read(bytes) {
      done += bytes;
      if (!output.isTerminal) return;
      const share = size > 0 ? Math.min(1, done / size) : null;
      progress.show(`reading ${shown}, ${Math.floor(done / bytesPerMb)} MB`, share, nowMs() - startMs);
    },
    [Symbol.dispose]() {
      progress[Symbol.dispose]();
    },
  };
}
