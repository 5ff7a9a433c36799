import { describe, expect, it } from "vitest";
import type { SweepProgress } from "../../../harness/run/sweep-progress.ts";
import { renderProgress } from "../../../reports/progress-line.ts";
import { textWidth } from "../../../reports/terminal/text-width.ts";

const progress: SweepProgress = {
  finished: 1250,
  total: 4000,
  anomalies: 37,
  unexpected: 1,
  elapsedMs: 10_000,
  activity: "stock-is-conserved defect:no-request-key",
};

describe("the progress line", () => {
  it("says how far, how fast, how long, and what was found", () => {
    expect(renderProgress(progress, { columns: 140, colour: false })).toBe(
      "▕█████           ▏  1,250/4,000 runs  125/s  22.0 s left  37 with an anomaly  1 unexpected  stock-is-conserved defect:no-request-key",
    );
  });

  it("says little at the start and no time left at the end", () => {
    const quiet = { ...progress, anomalies: 0, unexpected: 0, activity: "" };
    expect(renderProgress({ ...quiet, finished: 0, elapsedMs: 0 }, { columns: 100, colour: false })).toBe(
      "▕                ▏  0/4,000 runs  -/s  0 with an anomaly",
    );
    expect(renderProgress({ ...quiet, finished: 4000 }, { columns: 100, colour: false })).toBe(
      "▕████████████████▏  4,000/4,000 runs  400/s  0 with an anomaly",
    );
  });

  it.each([10, 20, 30, 40, 60, 80, 100, 200])("fits %i columns", (columns) => {
    const line = renderProgress(
      { ...progress, activity: "日本語\n\u001b[2J".repeat(20) },
      { columns, colour: true },
    );
    expect(textWidth(line)).toBeLessThan(columns);
    expect(line).not.toContain("\n");
    expect(line).not.toContain("\u001b[2J");
  });

  it("keeps the unexpected in sight when there is little room", () => {
    expect(renderProgress(progress, { columns: 60, colour: false })).toContain("1 unexpected");
  });
});
