import { markText } from "../model/finding.ts";
import { marksOf, type ToldRun } from "../model/told-run.ts";
import type { Bar } from "./timeline-layout.ts";

/** Width of a character of a label, in pixels. */
export const CHARACTER_WIDTH = 6.7;
const BADGE_PADDING = 7;
const BADGE_GAP = 4;
const BADGES_MAX = 2;

/** A badge of the witness over a bar. */
export interface BarBadge {
  readonly text: string;
  readonly x: number;
  readonly width: number;
}

/** What stands over a bar: its badges, then as much of its words as there is room for. */
export interface BarLabel {
  readonly badges: readonly BarBadge[];
  readonly x: number;
  /** In characters. */
  readonly room: number;
}

/**
 * Where badges and words stand, from left to right in each lane. Many records have one moment: their badges stand
 * beside each other, and no words under them.
 */
export function barLabels(bars: readonly Bar[], told: ToldRun): ReadonlyMap<Bar, BarLabel> {
  const taken = new Map<string, number>();
  return new Map(
    bars.map((bar) => {
      const texts = new Set(
        marksOf(bar.call, told.marks).map((mark) => markText(mark, told.findings.length)),
      );
      let x = Math.max(bar.x, taken.get(bar.call.lane) ?? bar.x);
      const badges = [...texts].slice(0, BADGES_MAX).map((text) => {
        const width = tenths(text.length * CHARACTER_WIDTH + BADGE_PADDING);
        const badge = { text, x, width };
        x = tenths(x + width + BADGE_GAP);
        return badge;
      });
      taken.set(bar.call.lane, x);
      return [bar, { badges, x, room: Math.floor((bar.x + bar.labelWidth - x) / CHARACTER_WIDTH) }];
    }),
  );
}

function tenths(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
