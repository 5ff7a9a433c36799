import type { Story } from "../harness/record/story.ts";
import { html, type Markup } from "./html/markup.ts";
import { page } from "./html/page.ts";
import { storySection } from "./html/story-section.ts";
import { runSentence, verdictTone } from "./wording/judgement-words.ts";
import { countText, durationText } from "./wording/numbers.ts";

/** The page of a single run, such as one that was replayed `times` times. */
export function renderRunHtml(input: {
  readonly story: Story;
  readonly times: number;
  readonly identical: boolean;
}): string {
  const { story, times, identical } = input;
  const { record } = story;
  const tone = verdictTone(record.verdict);
  return page({
    title: `Faultline: ${record.verdict}, ${record.scenario}`,
    tone,
    verdict: record.verdict,
    sentence: runSentence(record),
    remarks: times < 2 ? [] : [hashesRemark(times, identical)],
    facts: [
      ["Lane", record.lane],
      ["Seed", String(record.seed)],
      ["Operations", countText(record.operations)],
      ["Faults", countText(record.faults)],
      ["Virtual time", durationText(record.virtualMs)],
    ],
    body: [storySection({ story, tone, judgement: record.verdict }, 0), notTested(story)],
  });
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
