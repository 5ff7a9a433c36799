import type { Story } from "../harness/record/story.ts";
import { html, type Markup } from "./html/markup.ts";
import { page } from "./html/page.ts";
import { storySection } from "./html/story-section.ts";
import { reproductionText, runSentence, verdictTone } from "./wording/judgement-words.ts";
import { countText, durationText } from "./wording/numbers.ts";

/** The page of a single run, such as one that was replayed `times` times. */
export function renderRunHtml(input: {
  readonly story: Story;
  readonly times: number;
  readonly identical: boolean;
  /** In the real lane: how many of the executions showed the anomaly; null in the sim lane. */
  readonly reproduced?: number | null;
}): string {
  const { story, times, identical, reproduced = null } = input;
  const { record } = story;
  const tone = verdictTone(record.verdict);
  return page({
    title: `Faultline: ${record.verdict}, ${record.scenario}`,
    tone,
    verdict: record.verdict,
    sentence: runSentence(record),
    remarks: remarksOf(times, identical, reproduced),
    facts: [
      ["Lane", record.lane],
      ...(record.components === undefined ? [] : [["Servers", record.components.join(", ")] as const]),
      ["Seed", String(record.seed)],
      ["Operations", countText(record.operations)],
      ["Faults", countText(record.faults)],
      [record.lane === "sim" ? "Virtual time" : "Time", durationText(record.virtualMs)],
    ],
    body: [storySection({ story, tone, judgement: record.verdict }, 0), notTested(story)],
  });
}

function remarksOf(times: number, identical: boolean, reproduced: number | null): string[] {
  if (reproduced !== null) return [`Reproduced ${reproductionText(reproduced, times)}.`];
  return times < 2 ? [] : [hashesRemark(times, identical)];
}

function hashesRemark(times: number, identical: boolean): string {
  return identical
    ? `Run ${countText(times)} times with identical hashes.`
    : `Run ${countText(times)} times with different hashes: the harness is not deterministic here.`;
}

function notTested({ notTested }: Story): Markup | null {
  if (notTested.length === 0) return null;
  return html`<section class="not-tested"><h2>What was not tested</h2>
<ul>${notTested.map((limit) => html`<li>${limit}</li>`)}</ul></section>
`;
}
