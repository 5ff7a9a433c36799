import type { FlawCount, Judgement } from "../../harness/record/suite-record.ts";
import { flawPlace, flawSeenBy } from "../wording/flaw-words.ts";
import { flawTone } from "../wording/judgement-words.ts";
import { html, type Markup } from "./markup.ts";
import { prose } from "./prose.ts";
import { toneSign } from "./tone-chip.ts";

/** The flaws of a form: a sign for found or not, what is wrong, the anomaly that shows it, how often and where first. */
export function flawList(flaws: readonly FlawCount[], judgement: Judgement): Markup {
  return html`<ul class="flaws" aria-label="Flaws of the form">${flaws.map((flaw) => {
    const tone = flawTone(flaw, judgement);
    return html`<li class="${tone}">${toneSign(tone)}<span class="flaw">${prose(flaw.flaw)}</span><code title="${flaw.expects.join(", ")}">${flawSeenBy(flaw)}</code><span class="soft">${flawPlace(flaw)}</span></li>`;
  })}</ul>`;
}
