import type { SweepProgress } from "../harness/run/sweep-progress.ts";
import { paintFor } from "./terminal/paint.ts";
import { clipText, textWidth } from "./terminal/text-width.ts";
import { countText, durationText, rateText } from "./wording/numbers.ts";
import { visibleText } from "./wording/visible-text.ts";

const BAR_WIDTH = 16;
const EIGHTHS = " ▏▎▍▌▋▊▉";
const GAP = "  ";
const ACTIVITY_WIDTH_MIN = 8;

/** A part of the line. The higher the rank, the sooner it goes when there is little room. */
interface Part {
  readonly rank: number;
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** How far a sweep has come, on one line without a line feed, narrower than the terminal. */
export function renderProgress(
  progress: SweepProgress,
  options: { readonly columns: number; readonly colour: boolean },
): string {
  const paint = paintFor(options.colour);
  const room = options.columns - 1;
  const parts = fitting(
    partsOf(progress, (text) => paint.tone("bad", text)),
    room,
  );
  const left = room - widthOf(parts) - GAP.length;
  const activity = visibleText(progress.activity);
  if (activity !== "" && left >= ACTIVITY_WIDTH_MIN) {
    parts.push({ rank: 9, text: clipText(activity, left), paint: paint.dim });
  }
  return parts.map(({ text, paint: painted }) => (painted === undefined ? text : painted(text))).join(GAP);
}

function partsOf(progress: SweepProgress, alarm: (text: string) => string): Part[] {
  const { finished, total, anomalies, unexpected, elapsedMs } = progress;
  const parts: Part[] = [
    { rank: 3, text: bar(finished, total) },
    { rank: 0, text: `${countText(finished)}/${countText(total)} runs` },
    { rank: 4, text: `${rateText(finished, elapsedMs)}/s` },
  ];
  if (finished > 0 && finished < total) {
    parts.push({ rank: 2, text: `${durationText((elapsedMs / finished) * (total - finished))} left` });
  }
  parts.push({ rank: 5, text: `${countText(anomalies)} with an anomaly` });
  if (unexpected > 0) parts.push({ rank: 1, text: `${countText(unexpected)} unexpected`, paint: alarm });
  return parts;
}

function fitting(parts: readonly Part[], room: number): Part[] {
  let kept = [...parts];
  while (kept.length > 1 && widthOf(kept) > room) {
    const last = Math.max(...kept.map(({ rank }) => rank));
    kept = kept.filter(({ rank }) => rank !== last);
  }
  return kept.map((part) => ({ ...part, text: clipText(part.text, room) }));
}

function widthOf(parts: readonly Part[]): number {
  return textWidth(parts.map(({ text }) => text).join(GAP));
}

function bar(finished: number, total: number): string {
  const eighths = total <= 0 ? 0 : Math.floor(Math.min(1, finished / total) * BAR_WIDTH * 8);
  const rest = eighths % 8 === 0 ? "" : (EIGHTHS[eighths % 8] ?? "");
  return `▕${`${"█".repeat(Math.floor(eighths / 8))}${rest}`.padEnd(BAR_WIDTH)}▏`;
}
