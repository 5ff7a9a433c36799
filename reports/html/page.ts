import { createHash } from "node:crypto";
import type { Tone } from "../wording/judgement-words.ts";
import { html, type Markup, raw } from "./markup.ts";
import { pageScript } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";
import { timelineStyle } from "./timeline-style.ts";
import { toneSign } from "./tone-chip.ts";

/** What every page has. */
export interface PageContent {
  readonly title: string;
  readonly tone: Tone;
  /** The verdict: one word, one sentence, and what else there is to say at once. */
  readonly verdict: string;
  readonly sentence: string;
  readonly remarks: readonly string[];
  /** Small facts under the verdict: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly body: readonly (Markup | null)[];
}

/** A page that needs nothing but itself: its policy allows its own style and script, and nothing else. */
export function page(content: PageContent): string {
  const style = pageStyle + timelineStyle;
  const policy = `default-src 'none'; style-src '${sourceHash(style)}'; script-src '${sourceHash(pageScript)}'; base-uri 'none'; form-action 'none'`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${content.title}</title>
<style>${raw(style)}</style>
<script>${raw(pageScript)}</script>
</head>
<body>
${patterns}
<header class="top"><p class="brand">${mark}Faultline</p></header>
<main>
<section class="verdict ${content.tone}">
${toneSign(content.tone)}<div><h1><span class="word">${content.verdict}</span> ${content.sentence}</h1>
${content.remarks.map((remark) => html`<p>${remark}</p>`)}</div></section>
<dl class="facts">${content.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${content.body}</main>
</body>
</html>
`.markup;
}

function sourceHash(source: string): string {
  return `sha256-${createHash("sha256").update(source).digest("base64")}`;
}

const mark: Markup = raw(
  '<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M1 7h7l-2 6h13"/><path d="M1 13h2m9-6h7"/></svg>',
);

const patterns: Markup = raw(
  '<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>' +
    '<pattern id="hatch-info" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><rect class="line" width="2.4" height="6"/></pattern>' +
    '<pattern id="hatch-fault" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="ground" width="7" height="7"/><rect class="line" width="1.4" height="7"/></pattern>' +
    "</defs></svg>",
);
