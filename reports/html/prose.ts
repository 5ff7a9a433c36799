import { html, type Markup } from "./markup.ts";

/** Words of a scenario's author: what stands between backticks is code. */
export function prose(text: string): Markup {
  // Every second part stood between two backticks; a last one without its pair is text as it is.
  const parts = text.split(/`([^`]+)`/);
  return html`${parts.map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
