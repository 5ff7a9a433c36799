import type { ToldRun } from "../model/told-run.ts";
import { html, type Markup, raw } from "./markup.ts";

const SWATCHES: readonly (readonly [string, string])[] = [
  ["ok", "happened"],
  ["fail", "certainly did not happen"],
  ["info", "may have happened, now or later"],
  ["record", "was seen at a service or in a store"],
];

/** What the signs of the timeline mean; only those that occur in the run. */
export function timelineLegend(told: ToldRun): Markup {
  const outcomes = new Set<string>(told.calls.map(({ outcome }) => (outcome === "open" ? "info" : outcome)));
  return html`<ul class="legend">${SWATCHES.filter(([outcome]) => outcomes.has(outcome)).map(
    ([outcome, words]) => html`<li>${swatch(outcome)}<b>${outcome}</b> ${words}</li>`,
  )}${told.findings.length > 0 ? html`<li><span class="badge">1</span> in the witness, in the order of the proof</li>` : null}${
    told.faults.length > 0 ? html`<li>${swatch("fault")}a fault is on</li>` : null
  }<li class="soft">Time is stretched where much happens; ≷ marks time that is cut out.</li></ul>`;
}

function swatch(kind: string): Markup {
  const shape =
    kind === "fault"
      ? '<g class="fault"><rect class="fault-bar" x="1" y="1" width="26" height="12" rx="2"/></g>'
      : `<g class="call ${kind}"><rect class="body" x="1" y="1" width="26" height="12" rx="2"${kind === "record" ? ' fill="none" stroke="currentColor"' : ""}/>${signs[kind] ?? ""}</g>`;
  const width = signs[kind] === undefined ? 28 : 42;
  return html`<svg width="${width}" height="14" viewBox="0 0 ${width} 14" aria-hidden="true">${raw(shape)}</svg>`;
}

const signs: Readonly<Record<string, string>> = {
  fail: '<path class="sign" d="M31 3l8 8m0-8l-8 8"/>',
  info: '<text class="sign-text" x="31" y="11">?</text>',
};
