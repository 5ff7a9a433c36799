import { html, type Markup } from "./markup.ts";

/** A command that replays something, with a button that copies it. */
export function replayLine(command: string): Markup {
  return html`<div class="replay"><code>${command}</code><button type="button" class="copy" aria-label="Copy the replay command">Copy</button></div>`;
}
