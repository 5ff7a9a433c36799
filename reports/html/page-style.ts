/** The look of the page: light and dark, wide and narrow, on screen and on paper. */
export const pageStyle: string = `
:root {
  color-scheme: light dark;
  --ground: #fbfaf8; --panel: #ffffff; --sunk: #f3f1ed; --ink: #1d1f22; --soft: #5d6168; --rule: #e0ddd6;
  --good: #17734a; --good-ground: #e9f4ee; --bad: #b0271f; --bad-ground: #fbecea; --open: #855600; --open-ground: #faf1dd;
  --link: #24569e; --ok: #4274b8; --fail: #7c8087; --info: #b57a0c; --fault: #7a4fb3; --on-bad: #ffffff;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #131416; --panel: #1a1c1f; --sunk: #202327; --ink: #e7e5e0; --soft: #a2a6ad; --rule: #31343a;
    --good: #5cc491; --good-ground: #14281f; --bad: #ff8f85; --bad-ground: #331a18; --open: #e3b452; --open-ground: #2d2413;
    --link: #8db6f5; --ok: #6a9be0; --fail: #9a9ea6; --info: #dca63c; --fault: #b591ea; --on-bad: #2a0c09;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 var(--sans); }
.top, main { max-width: 1200px; margin: 0 auto; padding: 0 24px; }
main { padding-bottom: 72px; }
h1, h2, h3, h4, p, dl, dd, ol, ul, pre, table { margin: 0; padding: 0; }
h2 { font-size: 21px; line-height: 1.3; font-weight: 650; letter-spacing: -.01em; }
h3 { font-size: 15px; font-weight: 650; margin: 34px 0 10px; }
h3 .soft { font-weight: 400; margin-left: 6px; }
h4 { font-size: 15px; font-weight: 650; }
a { color: var(--link); text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 12.5px; }
.claim code, .about code { font-size: 0.88em; }
h1, h2, h3, h4, code, dd, th, td, li, p { unicode-bidi: isolate; overflow-wrap: anywhere; }
.soft, .note, .source { color: var(--soft); }
.note, .source, .reason { font-size: 13.5px; }
.brand { display: flex; align-items: center; gap: 8px; padding: 18px 0 14px; font-weight: 650; letter-spacing: -.01em; }
.brand svg { fill: none; stroke: var(--bad); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.patterns { position: absolute; }
.verdict { display: flex; gap: 16px; padding: 20px 22px; border: 1px solid; border-left-width: 6px; border-radius: 8px; }
.verdict .tone-sign { flex: none; width: 34px; height: 34px; margin-top: 2px; }
.verdict h1 { text-wrap: balance; font-size: 24px; line-height: 1.3; font-weight: 600; letter-spacing: -.015em; }
.verdict .word { font-weight: 750; text-transform: capitalize; }
.verdict .word::after { content: "."; }
.verdict p { margin-top: 4px; }
.verdict.good { background: var(--good-ground); border-color: var(--good); }
.verdict.bad { background: var(--bad-ground); border-color: var(--bad); }
.verdict.open { background: var(--open-ground); border-color: var(--open); }
.word, .chip { white-space: nowrap; }
.good > .word, h1 .word { color: inherit; }
.tone-sign { flex: none; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.tone-sign.good { color: var(--good); } .tone-sign.bad { color: var(--bad); } .tone-sign.open { color: var(--open); }
.chip { display: inline-flex; align-items: center; gap: 6px; font-weight: 600; vertical-align: baseline; }
.chip .tone-sign { width: 14px; height: 14px; }
.chip.good { color: var(--good); } .chip.bad { color: var(--bad); } .chip.open { color: var(--open); }
h2 .chip { font-size: 14px; margin-left: 8px; letter-spacing: 0; }
.facts, .about, .hashes { display: flex; flex-wrap: wrap; gap: 6px 30px; }
.facts { padding: 14px 2px 0; }
dt { color: var(--soft); font-size: 12.5px; }
.facts dd { font-variant-numeric: tabular-nums; }
.facts div:last-child { min-width: 0; }
section.all { margin-top: 40px; }
section.all h2, .not-tested h2 { margin-bottom: 12px; }
table { border-collapse: collapse; font-size: 13.5px; }
th { text-align: left; font-weight: 600; }
th, td { padding: 6px 14px 6px 0; vertical-align: top; }
.number { text-align: right; overflow-wrap: normal; font-variant-numeric: tabular-nums; }
.forms { width: 100%; table-layout: fixed; }
.forms thead th:nth-child(1) { width: 17%; } .forms thead th:nth-child(2) { width: 15%; } .forms thead th:nth-child(3) { width: 19%; } .forms thead th:nth-child(4) { width: 17%; }
.forms thead th:nth-child(5) { width: 9%; } .forms thead th:nth-child(6), .forms thead th:nth-child(7) { width: 6%; } .forms thead th:nth-child(8) { width: 11%; }
.forms th, .forms td { overflow-wrap: break-word; }
.forms thead th { color: var(--soft); font-size: 12.5px; font-weight: 400; border-bottom: 1px solid var(--rule); }
.forms .scenario th { padding: 18px 0 6px; font-weight: 400; line-height: 1.45; }
.forms .scenario .name { display: block; font-size: 15px; font-weight: 650; }
.forms tr.form > * { border-top: 1px solid var(--rule); }
.forms tr.form > :last-child, .forms thead th:last-child { padding-right: 0; }
.forms tr.form.bad > th, .forms tr.details.bad td { box-shadow: inset 3px 0 var(--bad); padding-left: 10px; }
.forms tr.form.open > th, .forms tr.details.open td { box-shadow: inset 3px 0 var(--open); padding-left: 10px; }
.forms tr.details td { padding: 0 0 10px 10px; font-size: 13.5px; }
.forms tr.details ul { list-style: none; }
.flaws { display: grid; gap: 3px; padding-top: 2px; }
.flaws li { display: grid; grid-template-columns: 14px minmax(0, 49fr) minmax(0, 25fr) minmax(0, 24fr); gap: 0 12px; align-items: baseline; }
.flaws .tone-sign { width: 14px; height: 14px; align-self: start; margin-top: 3px; } .flaws .bad .flaw { font-weight: 600; }
.counts { list-style: none; }
.forms .number .soft { display: block; }
.forms thead th { white-space: nowrap; }
.replay { display: flex; align-items: stretch; max-width: 100%; width: fit-content; margin: 8px 0 2px; border: 1px solid var(--rule); border-radius: 6px; background: var(--sunk); }
.replay code { padding: 7px 12px; overflow-x: auto; white-space: nowrap; overflow-wrap: normal; }
.copy { visibility: hidden; flex: none; width: 76px; border: 0; border-left: 1px solid var(--rule); border-radius: 0 6px 6px 0; background: none; color: var(--link); font: 600 13px var(--sans); cursor: pointer; }
.js .copy { visibility: visible; }
.copy:hover { background: var(--rule); }
.story { margin-top: 56px; padding-top: 28px; border-top: 2px solid var(--ink); }
.kicker { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 20px; color: var(--soft); font-size: 13.5px; }
.stories ol { padding-left: 22px; font-size: 13.5px; columns: 2 24em; } .stories li { break-inside: avoid; padding: 1px 0; }
.stories .chip { margin-left: 6px; vertical-align: bottom; }
details.table > .scroll { margin-top: 8px; }
.claim { text-wrap: pretty; max-width: 46em; margin: 10px 0 12px; font-size: 17px; line-height: 1.45; }
.about { margin-bottom: 14px; }
.about div { max-width: 34em; flex: 1 1 18em; }
.jump { display: flex; flex-wrap: wrap; gap: 4px 20px; margin-bottom: 12px; font-size: 13.5px; }
.jump a:first-child { font-weight: 600; }
.findings { list-style: none; display: grid; gap: 12px; }
.finding { padding: 14px 18px; background: var(--panel); border: 1px solid var(--rule); border-left: 3px solid var(--bad); border-radius: 6px; }
.proof { text-wrap: pretty; max-width: 52em; margin: 6px 0 10px; }
.witnesses { list-style: none; display: grid; gap: 3px; font-size: 13.5px; }
.source { margin-top: 8px; }
.badge { display: inline-block; min-width: 17px; padding: 0 4px; border-radius: 3px; background: var(--bad); color: var(--on-bad); font: 600 11px/16px var(--mono); text-align: center; }
.reason { margin: 8px 0; padding: 8px 12px; background: var(--open-ground); border-left: 3px solid var(--open); }
.scroll { overflow-x: auto; }
.operations { min-width: 100%; font-size: 13px; }
.operations caption { text-align: left; color: var(--soft); font-size: 13.5px; padding-bottom: 8px; caption-side: top; }
.operations caption span { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 32px); }
.operations thead th { color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--rule); }
.operations th, .operations td { padding: 4px 14px 4px 0; }
.operations td { border-bottom: 1px solid var(--rule); }
.operations td.number { white-space: nowrap; width: 1%; }
.operations .entry { font-family: var(--mono); font-size: 12.5px; min-width: 200px; }
.operations .fail { color: var(--soft); }
.operations .info::after, .operations .open::after { content: " ?"; color: var(--open); font-weight: 700; }
.operations tr.witness td { background: var(--bad-ground); }
.operations tr:target td { box-shadow: inset 0 2px var(--link), inset 0 -2px var(--link); }
.phase-row th { padding-top: 12px; color: var(--soft); font-weight: 400; font-size: 12.5px; border-bottom: 1px solid var(--rule); }
.fault-row td { color: var(--fault); }
.plan { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); gap: 16px 28px; margin-bottom: 12px; font-size: 13.5px; }
.plan h4 { font-size: 13.5px; margin-bottom: 3px; }
.plan ol { padding-left: 22px; }
details summary { cursor: pointer; color: var(--link); font-size: 13.5px; }
pre { margin-top: 8px; padding: 12px 14px; max-height: 420px; overflow: auto; background: var(--sunk); border-radius: 6px; }
.checkers td, .checkers th { padding-right: 28px; }
.checkers th { color: var(--soft); font-weight: 400; font-size: 12.5px; }
.measures th, .measures td { padding: 4px 18px 4px 0; white-space: nowrap; }
.measures thead > tr > * { color: var(--soft); font-weight: 400; font-size: 12.5px; border-bottom: 1px solid var(--rule); }
.measures tbody th { font-weight: 400; } .measures td:last-child { white-space: normal; min-width: 17em; }
.measures details[open] .replay { max-width: 30em; }
.measured { padding: 4px 0; } .measured > summary { font-size: 15px; } .measured[open] { padding-bottom: 14px; }
.spread, .value-bar { display: block; fill: var(--ok); } .value-bar { margin-top: 6px; }
.value-bar .ground { fill: var(--rule); } .spread .worst { fill: var(--bad); }
.hashes { margin-top: 12px; }
.not-tested { margin-top: 56px; padding-top: 28px; border-top: 2px solid var(--ink); }
.not-tested h3 { margin: 14px 0 4px; }
.not-tested ul { padding-left: 20px; }
@media (max-width: 860px) {
  .top, main { padding-left: 16px; padding-right: 16px; }
  .verdict { padding: 16px; gap: 12px; } .verdict h1 { font-size: 20px; } .verdict .tone-sign { width: 26px; height: 26px; }
  .forms, .forms tbody, .forms tr, .forms th, .forms td { display: block; }
  .forms thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .forms tr.form { border-top: 1px solid var(--rule); padding: 8px 0; }
  .forms tr.form > * { display: grid; grid-template-columns: 120px 1fr; gap: 0 8px; border: 0; padding: 1px 0; text-align: left; }
  .forms tr.form > [data-title]::before { content: attr(data-title); grid-row: 1 / span 2; color: var(--soft); font-weight: 400; }
  .forms tr.form > * > * { grid-column: 2; }
  .forms tr.form > th { display: block; padding-bottom: 3px; } .forms tr.form > th[data-title]::before { content: none; }
  .forms tr.form > .nothing { display: none; }
  .flaws li { grid-template-columns: 14px 1fr; } .flaws li > * { grid-column: 2; } .flaws li > .tone-sign { grid-column: 1; grid-row: 1; }
  .forms tr.form.bad > th, .forms tr.form.open > th, .forms tr.details[class] td { padding-left: 0; box-shadow: none; }
  .operations .entry { min-width: 170px; }
}
@media print {
  :root { --ground: #fff; --panel: #fff; --sunk: #fff; color-scheme: light; }
  body { font-size: 11px; } .copy, .jump, .kicker a, .stories, details.table > summary { display: none; }
  .top, main { max-width: none; padding: 0; } .story { break-before: page; } .finding, tr { break-inside: avoid; }
  pre { max-height: none; white-space: pre-wrap; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
