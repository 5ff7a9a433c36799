import type { Call } from "../model/call.ts";
import { marksOf, type ToldRun } from "../model/told-run.ts";
import { bitesText, callText, faultText, outcomeText } from "../wording/call-text.ts";
import { durationText, momentText, plural } from "../wording/numbers.ts";
import { requestText, shorten } from "../wording/value-text.ts";
import { visibleText } from "../wording/visible-text.ts";
import { type BarBadge, type BarLabel, barLabels, CHARACTER_WIDTH } from "./bar-labels.ts";
import { html, type Markup } from "./markup.ts";
import type { StoryAnchor } from "./story-anchor.ts";
import {
  BAND_HEIGHT,
  type Bar,
  DRAWING_LEFT,
  type FaultBar,
  GUTTER,
  LANE_HEIGHT,
  layTimelineOut,
  type TimelineLayout,
} from "./timeline-layout.ts";

const BAR_TOP = 26;
const BAR_HEIGHT = 14;
const HIT_WIDTH_MAX = 160;
/** Characters of a lane's name that the gutter has room for. */
const NAME_MAX = Math.floor((GUTTER - 16) / CHARACTER_WIDTH);

/** The run as a drawing: time from left to right, a lane for each client, faults as bands. */
export function timeline(told: ToldRun, anchor: StoryAnchor): Markup {
  const layout = layTimelineOut(told);
  const { width, height } = layout;
  const labels = barLabels(layout.bars, told);
  const label = `Timeline of ${contentsText(told)}`;
  return html`<div class="timeline" id="${anchor.timeline}" tabindex="0" role="group" aria-label="${label}">
<svg class="lane-names" width="${GUTTER}" height="${height}" viewBox="0 0 ${GUTTER} ${height}" aria-hidden="true">${laneNames(layout)}</svg>
<svg class="drawing" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${label}">
${laneNames(layout)}
${layout.phases.map((phase, at) => phaseBand(phase, at, layout))}
${layout.faults.map((fault) => faultBand(fault, layout))}
${layout.lanes.map(({ y }) => html`<line class="lane" x1="${GUTTER}" x2="${width}" y1="${y + LANE_HEIGHT}" y2="${y + LANE_HEIGHT}"/>`)}
${layout.bars.map((bar) => barBody(bar, told))}
${axis(layout)}
${layout.faults.map((fault) => faultLabel(fault))}
${[...labels].map(([bar, label]) => barLink(bar, label, anchor))}
</svg></div>
<p class="readout" aria-hidden="true">Point at a bar, or reach it with the Tab key, to read it here.</p>`;
}

function contentsText({ calls, lanes }: ToldRun): string {
  const records = calls.filter(({ outcome }) => outcome === "record").length;
  const nodes = lanes.filter((lane) => lane.startsWith("at ")).length;
  const operations = `${plural(calls.length - records, "operation")} by ${plural(lanes.length - nodes, "client")}`;
  return records === 0
    ? operations
    : `${operations} and ${plural(records, "record")} at ${plural(nodes, "node")}`;
}

function laneNames({ lanes, lanesTop, height }: TimelineLayout): Markup {
  return html`<rect class="gutter" width="${GUTTER}" height="${height}"/>
<text class="band-name" x="4" y="16">phase</text>${
    lanesTop > BAND_HEIGHT * 2
      ? html`<text class="band-name" x="4" y="${BAND_HEIGHT + 16}">faults</text>`
      : null
  }
${lanes.map(({ name, y }) => html`<text class="lane-name" x="4" y="${y + BAR_TOP + 11}">${shorten(visibleText(name), NAME_MAX)}</text>`)}`;
}

function phaseBand(phase: TimelineLayout["phases"][number], at: number, { axisTop }: TimelineLayout): Markup {
  const text = shorten(phase.name, Math.floor((phase.width - 8) / CHARACTER_WIDTH));
  return html`<g class="phase${at % 2 === 1 ? " odd" : ""}"><title>phase ${phase.name}</title>
<rect x="${phase.x}" y="0" width="${phase.width}" height="${axisTop}"/><line x1="${phase.x}" x2="${phase.x}" y1="0" y2="${axisTop}"/>
<text x="${phase.x + 5}" y="16">${text}</text></g>`;
}

/** A fault that names clients darkens their lanes, any other darkens all. */
function faultBand({ span, x, y, width }: FaultBar, { lanes, lanesTop, axisTop }: TimelineLayout): Markup[] {
  const named = new Set(span.inject.target.match(/\bclient \d+\b/g));
  const hit = lanes.filter(({ name }) => named.has(name));
  const bands =
    hit.length > 0
      ? hit.map(({ y }) => ({ y, height: LANE_HEIGHT }))
      : [{ y: lanesTop, height: axisTop - lanesTop }];
  return [
    html`<g class="fault"><rect class="fault-bar" x="${x}" y="${y + 4}" width="${width}" height="${BAND_HEIGHT - 6}" rx="2"/></g>
`,
    ...bands.map(
      (
        band,
      ) => html`<rect class="fault-band" x="${x}" y="${band.y}" width="${width}" height="${band.height}"/>
`,
    ),
  ];
}

function faultLabel({ span, x, width, y, labelWidth }: FaultBar): Markup {
  const { inject, heal } = span;
  const ending = heal === null ? "not healed before the end" : bitesText(heal.bites);
  const words = `${inject.fault} ${inject.target}, ${ending}`;
  const until = heal === null ? "the end" : momentText(heal.time);
  const title = `${faultText(inject)}, from ${momentText(inject.time)} to ${until}; ${ending}`;
  return html`<g class="fault" tabindex="0" role="img" aria-label="${title}"><title>${title}</title>
<rect class="hit" x="${x}" y="${y + 4}" width="${width}" height="${BAND_HEIGHT - 6}" rx="2"/>
<text x="${x + 6}" y="${y + 17}">${shorten(visibleText(words), Math.floor(labelWidth / CHARACTER_WIDTH))}</text></g>`;
}

/** The bar itself. Breaks are drawn over it, and its link with the label over those. */
function barBody({ call, x, y, width }: Bar, told: ToldRun): Markup {
  const witness = marksOf(call, told.marks).length > 0 ? " witness" : "";
  const look = call.outcome === "record" ? html` fill="none" stroke="currentColor"` : null;
  return html`<g class="call ${call.outcome}${witness}"><rect class="body" x="${x}" y="${y + BAR_TOP}" width="${width}" height="${BAR_HEIGHT}" rx="2"${look}/></g>
`;
}

function barLink(bar: Bar, { badges, room, x: left }: BarLabel, anchor: StoryAnchor): Markup {
  const { call, x, y, width, labelWidth } = bar;
  const title = barTitle(bar, badges);
  const witness = badges.length > 0 ? " witness" : "";
  const hitWidth = Math.max(width, Math.min(labelWidth, HIT_WIDTH_MAX)) + 4;
  return html`<a class="call ${call.outcome}${witness}" id="${anchor.bar(call.start.index)}" href="#${anchor.row(call.start.index)}" aria-label="${title}"><title>${title}</title>
<rect class="hit" x="${x - 2}" y="${y + 3}" width="${hitWidth}" height="${LANE_HEIGHT - 6}"/>
<text class="call-name" x="${left}" y="${y + 19}">${room < 3 ? "" : shorten(labelText(call), room)}</text>
${badges.map((badge) => badgeMark(badge, y))}${outcomeSign(bar)}</a>
`;
}

/** What was asked and what came of it; that it went well is in the bar. */
function labelText(call: Call): string {
  const outcome = outcomeText(call).replace(/^(ok|fail|info)( |$)/, "");
  return outcome === "" ? requestText(call.start) : `${requestText(call.start)} → ${outcome}`;
}

function badgeMark({ text, x, width }: BarBadge, y: number): Markup {
  return html`<rect class="badge" x="${x}" y="${y + 7}" width="${width}" height="15" rx="3"/><text class="badge-text" x="${x + width / 2}" y="${y + 18}">${text}</text>`;
}

/** A sign in the bar, so that outcomes can be told apart without colour: a cross or a question mark. */
function outcomeSign({ call, x, y, width }: Bar): Markup | null {
  const middle = y + BAR_TOP + BAR_HEIGHT / 2;
  const right = x + width;
  if (call.outcome === "fail") {
    return html`<path class="sign" d="M${right + 4} ${middle - 4}l8 8m0 -8l-8 8"/>`;
  }
  if (call.outcome === "ok" || call.outcome === "record") return null;
  return html`<text class="sign-text" x="${right + 4}" y="${middle + 4}">?</text>`;
}

function barTitle({ call }: Bar, badges: readonly BarBadge[]): string {
  const { start, end } = call;
  const isRecord = call.outcome === "record";
  const numbers =
    end === null || end === start
      ? `${isRecord ? "record" : "operation"} ${start.index}`
      : `operations ${start.index}–${end.index}`;
  const until = end === null ? "" : momentText(end.time);
  const times = end === null ? `from ${momentText(start.time)}` : `${momentText(start.time)} to ${until}`;
  const at = start.node === undefined || isRecord ? "" : ` at ${start.node}`;
  const witness = badges.length === 0 ? "" : `; witness ${badges.map(({ text }) => text).join(", ")}`;
  const final = start.final !== true ? "" : isRecord ? "; at the end" : "; final read";
  return visibleText(
    `${numbers}, ${call.lane}${at}: ${callText(call, "whole")}; ${isRecord ? until : times}${final}${witness}`,
  );
}

function axis(layout: TimelineLayout): Markup {
  const { scale, axisTop, x, width } = layout;
  const ticks = scale.ticks.map(({ timeNs }) => {
    const left = x(timeNs);
    return html`<line class="tick" x1="${left}" x2="${left}" y1="${axisTop}" y2="${axisTop + 6}"/><text class="tick-text" x="${left + 3}" y="${axisTop + 19}">${momentText(timeNs)}</text>`;
  });
  return html`<line class="axis" x1="${GUTTER}" x2="${width}" y1="${axisTop}" y2="${axisTop}"/>${ticks}
${scale.breaks.map((gap) => breakMark(DRAWING_LEFT + gap.x, gap.lengthNs, layout))}`;
}

/** Cuts the axis and whatever lasts through the break, and says how long the break is. */
function breakMark(
  middle: number,
  lengthNs: number,
  { axisTop, lanesTop, bars, faults }: TimelineLayout,
): Markup {
  const cuts = [axisTop - 7];
  for (const bar of bars) if (bar.x < middle && bar.x + bar.width > middle) cuts.push(bar.y + BAR_TOP);
  for (const fault of faults) if (fault.x < middle && fault.x + fault.width > middle) cuts.push(fault.y + 6);
  const length = durationText(lengthNs / 1e6);
  return html`<g class="break"><title>${length}, drawn shorter</title>
<line x1="${middle}" x2="${middle}" y1="${lanesTop}" y2="${axisTop}"/>${cuts.map((top) => {
    const zigzag = `M${middle - 3} ${top - 3}l6 5l-6 5l6 5l-6 5`;
    return html`<path class="gap" d="${zigzag}"/><path d="${zigzag}"/>`;
  })}<text x="${middle}" y="${axisTop + 22}">${length}</text></g>
`;
}
