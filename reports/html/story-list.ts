import type { Markup } from "./markup.ts";
import { html } from "./markup.ts";
import { storyAnchor } from "./story-anchor.ts";
import type { JudgedStory } from "./story-section.ts";
import { chip } from "./tone-chip.ts";

/** Where each story of the page is, in their order; null for a single one, which the table of forms leads to. */
export function storyList(stories: readonly JudgedStory[]): Markup | null {
  if (stories.length < 2) return null;
  return html`<nav class="stories" aria-labelledby="stories"><h3 id="stories">Stories</h3>
<ol>${stories.map(
    ({ story, tone, judgement }, position) =>
      html`<li><a href="#${storyAnchor(position).story}">${story.record.scenario} · ${story.record.form}</a> ${chip(tone, judgement)}</li>
`,
  )}</ol></nav>
`;
}
