import { GUTTER } from "./timeline-layout.ts";

/** The look of the timeline. Outcomes differ in fill, outline and sign, not only in colour. */
export const timelineStyle: string = `
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; margin-bottom: 10px; font-size: 13px; }
.legend li { display: flex; align-items: center; gap: 6px; }
.timeline { display: flex; overflow-x: auto; background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; scroll-padding: 0 24px 0 ${GUTTER + 24}px; }
.timeline svg { flex: none; display: block; }
.timeline text { font: 11px var(--mono); fill: var(--ink); }
.lane-names { position: sticky; left: 0; z-index: 1; border-right: 1px solid var(--rule); }
.drawing { margin-left: -${GUTTER}px; }
.gutter { fill: var(--panel); }
.timeline .lane-name { font-weight: 600; }
.timeline .band-name, .timeline .phase text, .timeline .tick-text { fill: var(--soft); }
.timeline .lane-name, .timeline .band-name { transform: translateX(8px); }
.lane { stroke: var(--rule); }
.phase rect { fill: none; } .phase.odd rect { fill: var(--sunk); opacity: .7; } .phase line { stroke: var(--rule); }
.fault-band { fill: var(--fault); opacity: .09; }
.fault-bar { fill: url(#hatch-fault); stroke: var(--fault); }
.timeline .fault text { paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round; }
.hit { fill: transparent; rx: 4px; }
.call .body { stroke-width: 1.5; }
.call.ok .body { fill: var(--ok); stroke: var(--ok); }
.call.fail .body { fill: var(--panel); stroke: var(--fail); }
.call.info .body, .call.open .body { fill: url(#hatch-info); stroke: var(--info); stroke-dasharray: 4 3; }
.sign { stroke: var(--fail); stroke-width: 2; fill: none; stroke-linecap: round; }
svg .sign-text { fill: var(--open); font: 700 13px var(--mono); }
.call { text-decoration: none; outline: none; cursor: pointer; }
.call.witness .body { stroke: var(--bad); stroke-width: 2.5; stroke-dasharray: none; }
.timeline .call.witness .call-name { font-weight: 700; }
rect.badge { fill: var(--bad); }
.timeline .badge-text { fill: var(--on-bad); font-weight: 700; text-anchor: middle; }
.call:hover .hit, .fault:hover .hit { stroke: var(--soft); }
.call:focus-visible .hit, .call.jumped .hit, .call:target .hit { stroke: var(--link); stroke-width: 2; }
.fault { outline: none; } .fault:focus-visible .hit { stroke: var(--link); stroke-width: 2.5; }
.axis, .tick { stroke: var(--soft); }
.break line { stroke: var(--soft); stroke-dasharray: 1 4; opacity: .6; }
.break path { fill: none; stroke: var(--soft); stroke-width: 1.2; } .break path.gap { stroke: var(--panel); stroke-width: 5; }
.timeline .break text { text-anchor: middle; font-style: italic; fill: var(--soft); }
#hatch-info .ground { fill: var(--panel); } #hatch-info .line { fill: var(--info); }
#hatch-fault .ground { fill: var(--panel); } #hatch-fault .line { fill: var(--fault); opacity: .35; }
.readout { display: none; min-height: 3.1em; margin-top: 8px; font: 12.5px/1.5 var(--mono); color: var(--soft); }
.js .readout { display: block; }
@media print {
  .timeline .lane-names, .js .readout { display: none; } .timeline { display: block; border: 0; overflow: visible; }
  .timeline .drawing { margin-left: 0; width: 100%; height: auto; }
}
`;
