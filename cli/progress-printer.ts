import type { SweepProgress } from "../harness/run/sweep-progress.ts";
import { renderProgress } from "../reports/progress-line.ts";
import type { Output } from "./command-io.ts";

const REDRAW_MS = 100;
const LINE_MS = 5_000;
const ERASE = "\r\u001b[2K";

/** Shows how far a sweep has come, on one output. To dispose is to take the line away. */
export interface ProgressPrinter extends Disposable {
  show(progress: SweepProgress): void;
}

/** On a terminal one line is redrawn; elsewhere a line is written every few seconds. */
export function progressPrinter(output: Output): ProgressPrinter {
  const { isTerminal, colour } = output;
  const everyMs = isTerminal ? REDRAW_MS : LINE_MS;
  let nextMs = isTerminal ? 0 : LINE_MS;
  let drawn = false;
  return {
    show(progress) {
      if (progress.elapsedMs < nextMs) return;
      nextMs = progress.elapsedMs + everyMs;
      const line = renderProgress(progress, { columns: output.columns, colour });
      output.write(isTerminal ? `${ERASE}${line}` : `${line}\n`);
      drawn = isTerminal;
    },
    [Symbol.dispose]() {
      if (drawn) output.write(ERASE);
      drawn = false;
    },
  };
}
