import { paintFor } from "../reports/terminal/paint.ts";
import { clipText } from "../reports/terminal/text-width.ts";
import { durationText } from "../reports/wording/numbers.ts";
import { visibleText } from "../reports/wording/visible-text.ts";
import type { Output } from "./command-io.ts";

const FIRST_MS = 500;
const REDRAW_MS = 100;
const ERASE = "\r\u001b[2K";

/** Shows how far one check has come. To dispose is to take the line away. */
export interface CheckProgress extends Disposable {
  /** `done` from 0 to 1; null where that cannot be told. */
  show(what: string, done: number | null, elapsedMs: number): void;
}

/** One line that is redrawn, on a terminal only and only if the check takes a while. */
export function checkProgress(output: Output): CheckProgress {
  let nextMs = FIRST_MS;
  let drawn = false;
  return {
    show(what, done, elapsedMs) {
      if (!output.isTerminal || elapsedMs < nextMs) return;
      nextMs = elapsedMs + REDRAW_MS;
      const share = done === null ? "" : `${Math.floor(done * 100)} %, `;
      const text = `${visibleText(what)}: ${share}${durationText(elapsedMs)}`;
      output.write(
        `${ERASE}${paintFor(output.colour).dim(clipText(text, Math.max(20, output.columns - 1)))}`,
      );
      drawn = true;
    },
    [Symbol.dispose]() {
      if (drawn) output.write(ERASE);
      drawn = false;
      nextMs = FIRST_MS;
    },
  };
}
