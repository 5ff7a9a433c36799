import type { Story } from "../harness/record/story.ts";
import { html, type Markup } from "./html/markup.ts";
import { page } from "./html/page.ts";
import { prose } from "./html/prose.ts";
import { storySection } from "./html/story-section.ts";
import { changedSinceText, reproductionText, runSentence, verdictTone } from "./wording/judgement-words.ts";
import { countText, durationText } from "./wording/numbers.ts";
import { replayCommand } from "./wording/replay-command.ts";

/** The page of a single run, such as one that was replayed `times` times. */
export function renderRunHtml(input: {
  readonly story: Story;
  readonly times: number;
  readonly identical: boolean;
  /** The executions agree with each other, but not with the token. */
  readonly changedSince?: boolean;
  /** In the real lane: how many of the executions showed the anomaly; null in the sim lane. */
  readonly reproduced?: number | null;
  /** The command that does it again; that of the story's token unless given. */
  readonly replay?: string;
}): string {
  const { story } = input;
  const { record } = story;
  const tone = verdictTone(record.verdict);
  const replay = input.replay ?? (story.token === null ? null : replayCommand(story.token, undefined));
  return page({
    title: `Faultline: ${record.verdict}, ${record.scenario}`,
    tone,
    verdict: record.verdict,
    sentence: runSentence(record),
    remarks: remarksOf(input),
    facts: [
      ["Lane", record.lane],
      ...(record.components === undefined ? [] : [["Servers", record.components.join(", ")] as const]),
      ["Seed", String(record.seed)],
      ["Operations", countText(record.operations)],
      ["Faults", countText(record.faults)],
      [record.lane === "sim" ? "Virtual time" : "Time", durationText(record.virtualMs)],
    ],
    body: [storySection({ story, tone, judgement: record.verdict, replay }, 0, null), notTested(story)],
  });
}

function remarksOf(input: Parameters<typeof renderRunHtml>[0]): string[] {
  const { times, identical, changedSince = false, reproduced = null } = input;
  if (reproduced !== null) return [`Reproduced ${reproductionText(reproduced, times)}.`];
  const often = `Run ${countText(times)} times with`;
  if (changedSince) {
    return [
      times < 2 ? `It gave ${changedSinceText}.` : `${often} identical hashes, but ${changedSinceText}.`,
    ];
  }
  if (times < 2) return [];
  if (identical) return [`${often} identical hashes.`];
  return [`${often} different hashes: the harness is not deterministic here.`];
}

function notTested({ notTested }: Story): Markup | null {
  if (notTested.length === 0) return null;
  return html`<section class="not-tested"><h2>What was not tested</h2>
<ul>${notTested.map((limit) => html`<li>${prose(limit)}</li>`)}</ul></section>
`;
}
