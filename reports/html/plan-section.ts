import type { Story } from "../../harness/record/story.ts";
import { countText, durationText, plural } from "../wording/numbers.ts";
import { valueText } from "../wording/value-text.ts";
import { visibleText } from "../wording/visible-text.ts";
import { html, type Markup, raw } from "./markup.ts";

type Plan = Story["plan"];

const OPERATIONS_MAX = 60;
const JSON_LENGTH_MAX = 60_000;

/** The plan: what every client will do, which faults come when, and the choices of the scheduler. */
export function planSection(plan: Plan): Markup {
  const { schedule } = plan;
  return html`<div class="plan">
${plan.clients.map((operations, client) => clientPlan(operations, client))}
<div><h4>Faults</h4>${
    plan.faults.length === 0
      ? html`<p class="soft">None.</p>`
      : html`<ol>
${plan.faults.map((fault) => faultPlan(fault))}</ol>`
  }</div>
<div><h4>Schedule</h4><p>Seed <code>${schedule.seed}</code>; a message takes ${durationText(schedule.latencyMaxUs / 10_000)} to ${durationText(schedule.latencyMaxUs / 1000)}.</p></div>
</div>
<details><summary>The plan as JSON</summary><pre>${planJson(plan)}</pre></details>`;
}

function clientPlan(operations: Plan["clients"][number], client: number): Markup {
  const shown = operations.slice(0, OPERATIONS_MAX);
  const rest = operations.length - shown.length;
  return html`<div><h4>Client ${client}</h4>${operations.length === 0 ? html`<p class="soft">Nothing.</p>` : null}<ol>
${shown.map(
  ({ call, thinkMs }) =>
    html`<li><code>${valueText(call)}</code>${thinkMs > 0 ? html` <span class="soft">after ${durationText(thinkMs)}</span>` : null}</li>
`,
)}</ol>${rest > 0 ? html`<p class="note">and ${countText(rest)} more; the JSON has all.</p>` : null}</div>
`;
}

function faultPlan({ fault, params, afterInvocations, delayUs, forMs }: Plan["faults"][number]): Markup {
  const delay = delayUs > 0 ? ` and ${durationText(delayUs / 1000)}` : "";
  return html`<li><b>${fault}</b> <code>${valueText(params)}</code> <span class="soft">after ${plural(afterInvocations, "invocation")}${delay}, for ${durationText(forMs)}</span></li>
`;
}

function planJson(plan: Plan): Markup {
  const text = JSON.stringify(plan, null, 2);
  const shown =
    text.length > JSON_LENGTH_MAX
      ? `${text.slice(0, JSON_LENGTH_MAX)}\n… cut here; plan.json has all.`
      : text;
  const lines = shown.split("\n").map((line) => html`${visibleText(line)}`.markup);
  return raw(lines.join("\n"));
}
