import type { Call } from "../model/call.ts";
import type { FaultSpan, ToldRun } from "../model/told-run.ts";
import { type TimeScale, timeScale } from "./time-scale.ts";

/** Room at the left edge for the names of the lanes. */
export const GUTTER = 118;
/** Height of the row of phases and of a row of faults. */
export const BAND_HEIGHT = 24;
/** Height of a client's lane. */
export const LANE_HEIGHT = 52;
const PADDING = 18;
/** Room for the label of the last call. */
const LABEL_ROOM = 250;
/** Where the first moment stands. */
export const DRAWING_LEFT: number = GUTTER + PADDING;
const WIDTH_MIN = 780;
const AXIS_HEIGHT = 30;

/** A call on the timeline. */
export interface Bar {
  readonly call: Call;
  readonly x: number;
  readonly width: number;
  /** Top of its lane. */
  readonly y: number;
  /** How far its label may reach. */
  readonly labelWidth: number;
}

/** A fault on the timeline. */
export interface FaultBar {
  readonly span: FaultSpan;
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly labelWidth: number;
}

/** Where everything stands. */
export interface TimelineLayout {
  readonly width: number;
  readonly height: number;
  readonly scale: TimeScale;
  readonly lanesTop: number;
  readonly axisTop: number;
  readonly lanes: readonly { readonly name: string; readonly y: number }[];
  readonly bars: readonly Bar[];
  readonly faults: readonly FaultBar[];
  readonly phases: readonly { readonly name: string; readonly x: number; readonly width: number }[];
  /** From a moment to pixels in the drawing. */
  x(timeNs: number): number;
}

/** Lays a run out: phases on top, then faults, then a lane for each client, then the axis. */
export function layTimelineOut(told: ToldRun): TimelineLayout {
  const scale = timeScale(momentsOf(told), WIDTH_MIN);
  const x = (timeNs: number): number => Math.round((DRAWING_LEFT + scale.at(timeNs)) * 10) / 10;
  const right = x(told.endNs) + LABEL_ROOM;
  const faultRows = packFaults(told.faults, told.endNs);
  const lanesTop = BAND_HEIGHT * (1 + faultRows.rows) + 8;
  const lanes = told.lanes.map((name, at) => ({ name, y: lanesTop + at * LANE_HEIGHT }));
  const axisTop = lanesTop + lanes.length * LANE_HEIGHT;
  return {
    width: Math.ceil(right),
    height: axisTop + AXIS_HEIGHT,
    scale,
    lanesTop,
    axisTop,
    lanes,
    bars: barsOf(told, new Map(lanes.map(({ name, y }) => [name, y])), x, right),
    faults: faultRows.placed.map(({ span, row }) => {
      const left = x(span.inject.time);
      const width = Math.max(4, x(span.heal?.time ?? told.endNs) - left);
      const next = faultRows.placed.find(
        (other) => other.row === row && other.span.inject.time > span.inject.time,
      );
      const free = (next === undefined ? right : x(next.span.inject.time)) - left;
      return { span, x: left, width, y: BAND_HEIGHT * (1 + row), labelWidth: free - 8 };
    }),
    phases: told.phases.map((phase, at) => {
      const left = x(phase.time);
      const next = told.phases[at + 1];
      return { name: phase.phase, x: left, width: (next === undefined ? right : x(next.time)) - left };
    }),
    x,
  };
}

function momentsOf(told: ToldRun): number[] {
  const moments = [told.endNs, ...told.phases.map(({ time }) => time)];
  for (const { start, end } of told.calls) {
    moments.push(start.time);
    if (end !== null) moments.push(end.time);
  }
  for (const { inject, heal } of told.faults) {
    moments.push(inject.time);
    if (heal !== null) moments.push(heal.time);
  }
  return moments;
}

function barsOf(
  told: ToldRun,
  tops: ReadonlyMap<string, number>,
  x: TimelineLayout["x"],
  right: number,
): Bar[] {
  return told.calls.map((call, position) => {
    const left = x(call.start.time);
    const end = call.end === null ? right : x(call.end.time);
    const next = told.calls.find((other, at) => at > position && other.lane === call.lane);
    return {
      call,
      x: left,
      width: Math.max(6, end - left),
      y: tops.get(call.lane) ?? 0,
      labelWidth: Math.max(0, (next === undefined ? right : x(next.start.time)) - left - 6),
    };
  });
}

/** Puts faults that are on at the same time into rows of their own. */
function packFaults(
  faults: readonly FaultSpan[],
  endNs: number,
): { rows: number; placed: { span: FaultSpan; row: number }[] } {
  const rowEnds: number[] = [];
  const placed = faults.map((span) => {
    let row = rowEnds.findIndex((end) => end <= span.inject.time);
    if (row === -1) row = rowEnds.length;
    rowEnds[row] = span.heal?.time ?? endNs;
    return { span, row };
  });
  return { rows: rowEnds.length, placed };
}
