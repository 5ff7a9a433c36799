import type { Tone } from "../wording/judgement-words.ts";
import { html, type Markup, raw } from "./markup.ts";

const SHAPES: Readonly<Record<Tone, string>> = {
  good: '<circle cx="8" cy="8" r="7"/><path d="M4.6 8.3l2.4 2.3 4.4-5"/>',
  bad: '<path class="area" d="M8 .8l7.2 7.2L8 15.2.8 8z"/><path d="M5.6 5.6l4.8 4.8m0-4.8l-4.8 4.8"/>',
  open: '<rect x="1.2" y="1.2" width="13.6" height="13.6" rx="3"/><path d="M6 6.2a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3m0 2v.6"/>',
};

/** A sign that can be told apart by its shape: circle, diamond or square. */
export function toneSign(tone: Tone): Markup {
  return html`<svg class="tone-sign ${tone}" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">${raw(SHAPES[tone])}</svg>`;
}

/** The sign with words. */
export function chip(tone: Tone, words: string): Markup {
  return html`<span class="chip ${tone}">${toneSign(tone)}${words}</span>`;
}
