import type { Story } from "../harness/record/story.ts";
import type { FormSummary, ScenarioSummary, SuiteRecord } from "../harness/record/suite-record.ts";
import { formMeasures } from "./html/form-measures.ts";
import { formsTable } from "./html/forms-table.ts";
import { html, type Markup } from "./html/markup.ts";
import { page } from "./html/page.ts";
import { prose } from "./html/prose.ts";
import { storyAnchor } from "./html/story-anchor.ts";
import { storyList } from "./html/story-list.ts";
import { type JudgedStory, storySection } from "./html/story-section.ts";
import { scenarioClaims } from "./model/scenario-claims.ts";
import {
  incompleteText,
  judgementText,
  judgementTone,
  suiteCounts,
  suiteSentence,
  verdictTone,
} from "./wording/judgement-words.ts";
import { countText, durationText } from "./wording/numbers.ts";
import { replayCommand } from "./wording/replay-command.ts";

const STORIES_MAX = 80;
/** The place of the table of forms in the page. */
const FORMS = "forms";

/**
 * The report of a suite: one page that needs no network and no other file. Everything that comes from a
 * history, a plan or a checker is escaped.
 */
export function renderHtml(input: {
  readonly suite: SuiteRecord;
  readonly stories: readonly Story[];
}): string {
  const { suite } = input;
  const stories = judgedStories(suite, input.stories);
  const claims = scenarioClaims(suite, input.stories);
  const shown = stories.slice(0, STORIES_MAX);
  const incomplete = incompleteText(suite);
  return page({
    title: `Faultline: ${suite.verdict}`,
    tone: verdictTone(suite.verdict),
    verdict: suite.verdict,
    sentence: suiteSentence(suite),
    remarks: [`${suiteCounts(suite)}.`, ...(incomplete === null ? [] : [incomplete])],
    facts: suiteFacts(suite),
    body: [
      html`<section class="all" id="${FORMS}"><h2>Scenarios and forms</h2>
${formsTable(suite, new Map(claims.map(({ scenario, claim }) => [scenario, claim])), (form) => storyHref(form, shown))}
${storyList(shown)}</section>
`,
      formMeasures(suite),
      ...shown.map((story, position) => storySection(story, position, FORMS)),
      shown.length < stories.length
        ? html`<p class="note">${countText(stories.length - shown.length)} more stories are in the run folder.</p>`
        : null,
      notTested(claims),
    ],
  });
}

/** Stories with their judgement; first those that were not as expected. */
function judgedStories(suite: SuiteRecord, stories: readonly Story[]): JudgedStory[] {
  const judged = stories.map((story): JudgedStory => {
    const form = suite.summary.find(
      ({ scenario, form }) => scenario === story.record.scenario && form === story.record.form,
    );
    const replay = story.token === null ? null : replayCommand(story.token, suite.config);
    return form === undefined
      ? { story, tone: verdictTone(story.record.verdict), judgement: story.record.verdict, replay }
      : { story, tone: judgementTone(form.judgement), judgement: judgementText(form), replay };
  });
  const rank = { bad: 0, open: 1, good: 2 };
  return judged.sort((a, b) => rank[a.tone] - rank[b.tone]);
}

function storyHref(form: FormSummary, stories: readonly JudgedStory[]): string | null {
  const at = stories.findIndex(
    ({ story }) => story.record.scenario === form.scenario && story.record.form === form.form,
  );
  return at === -1 ? null : `#${storyAnchor(at).story}`;
}

function suiteFacts(suite: SuiteRecord): [string, string][] {
  const total = (pick: (form: FormSummary) => number): string =>
    countText(suite.summary.reduce((sum, form) => sum + pick(form), 0));
  return [
    ["Lane", suite.substrate === undefined ? suite.lane : `${suite.lane}, ${suite.substrate}`],
    ...(suite.components === undefined ? [] : [["Servers", suite.components.join(", ")] as [string, string]]),
    ["Seed", String(suite.seed)],
    ["Runs", total(({ seeds }) => seeds)],
    ["Operations", total(({ operations }) => operations)],
    ["Time", durationText(suite.wallMs)],
    ["Folder", suite.folder],
  ];
}

function notTested(claims: readonly ScenarioSummary[]): Markup | null {
  const limits = claims.filter((scenario) => scenario.notTested.length > 0);
  if (limits.length === 0) return null;
  return html`<section class="not-tested"><h2>What was not tested</h2>
${limits.map(
  (
    scenario,
  ) => html`<h3>${scenario.scenario}</h3><ul>${scenario.notTested.map((limit) => html`<li>${prose(limit)}</li>`)}</ul>
`,
)}</section>
`;
}
